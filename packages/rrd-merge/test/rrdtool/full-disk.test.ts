import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { client, FORMS, failure, folder, SMALL, START, until } from './support.ts'

/** A file system of 300 kB in a mount namespace of its own, reached through /proc; it goes with its process. */
async function smallDisk(): Promise<string> {
  const ready = join(folder(), 'ready')
  const holder = spawn(
    'unshare',
    ['-rm', 'sh', '-c', `mount -t tmpfs -o size=300k none /mnt && touch ${ready} && exec sleep 1000`],
    {
      stdio: 'ignore',
    },
  )
  onTestFinished(() => {
    holder.kill('SIGKILL')
  })
  await until(() => existsSync(ready) || holder.exitCode !== null)
  expect(holder.exitCode).toBeNull()
  return `/proc/${holder.pid}/root/mnt`
}

describe.each(FORMS)('$form', ({ persistent }) => {
  let disk = ''
  beforeEach(async () => {
    disk = await smallDisk()
  })

  /** Leaves less than a page free. */
  function fill(): void {
    const path = join(disk, 'filling')
    for (let size = 300 * 1024; ; size -= 4096) {
      try {
        writeFileSync(path, Buffer.alloc(size, 1))
        return
      } catch {
        truncateSync(path, 0)
      }
    }
  }

  test('create and tune end in OK with nothing done', async () => {
    const rrd = client({ persistent })
    const file = join(disk, 'a.rrd')
    await rrd.create(file, { ...SMALL, rra: ['RRA:AVERAGE:0.5:1:2000'] })
    await rrd.update(file, [`${START + 60}:1`])
    const huge = { ...SMALL, rra: ['RRA:AVERAGE:0.5:1:200000'] }
    const before = readFileSync(file)
    expect(await failure(rrd.create(join(disk, 'b.rrd'), huge))).toMatchObject({
      code: 'UNVERIFIED',
      command: 'create',
    })
    expect(await failure(rrd.create(file, huge))).toMatchObject({ code: 'UNVERIFIED', file })
    fill()
    expect(await failure(rrd.tune(file, ['RRA:AVERAGE:0.5:1:20000']))).toMatchObject({
      code: 'UNVERIFIED',
      command: 'tune',
    })
    expect(await failure(rrd.tune(file, ['DS:b:GAUGE:120:U:U']))).toMatchObject({ code: 'UNVERIFIED' })
    expect(readFileSync(file)).toEqual(before)
    // What the file has room for still works.
    await rrd.update(file, [`${START + 120}:2`])
    await rrd.tune(file, ['--heartbeat', 'a:300'])
  })

  test('restore keeps the old file, which rrdtool itself would delete', async () => {
    const rrd = client({ persistent })
    const base = folder()
    const [file, big, xml] = [join(disk, 'a.rrd'), join(base, 'big.rrd'), join(base, 'big.xml')]
    await rrd.create(file, SMALL)
    await rrd.create(big, { ...SMALL, rra: ['RRA:AVERAGE:0.5:1:50000'] })
    await rrd.dump(big, { output: xml })
    const before = readFileSync(file)
    expect((await failure(rrd.restore(xml, file, { force: true }))).code).toMatch(/^(FAILED|UNVERIFIED)$/)
    expect(readFileSync(file)).toEqual(before)
    expect(readdirSync(disk)).toEqual(['a.rrd'])
  })

  test('dump, resize and graph leave no half outcome unnoticed', async () => {
    const rrd = client({ persistent })
    const file = join(disk, 'a.rrd')
    await rrd.create(file, { ...SMALL, rra: ['RRA:AVERAGE:0.5:1:2000'] })
    fill()
    expect((await failure(rrd.dump(file, { output: join(disk, 'a.xml') }))).code).toMatch(
      /^(FAILED|UNVERIFIED)$/,
    )
    const output = join(disk, 'grown.rrd')
    expect((await failure(rrd.resize(file, { rra: 0, grow: 20000, output }))).code).toMatch(
      /^(FAILED|UNVERIFIED)$/,
    )
    expect(existsSync(output)).toBe(false)
    const image = join(disk, 'a.png')
    const drawing = [`DEF:a=${file}:a:AVERAGE`, 'LINE1:a#ff0000']
    expect((await failure(rrd.graph(image, { start: START, end: START + 600 }, drawing))).code).toMatch(
      /^(FAILED|UNVERIFIED)$/,
    )
    expect(statSync(file).size).toBe(16_584)
  })
})
