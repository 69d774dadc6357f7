import { openSync, readdirSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LiveFile } from '../../src/live/index.ts'
import { createRrd, knownRows, lockFile, openRrd, rrdtool, update } from './rrd-files.ts'
import { MERGED, readAndMerge, scene } from './scene.ts'

describe('locks', () => {
  test('a writer that holds the lock and has yet to write is waited for', async () => {
    const { target, former, live, stage } = scene()
    const image = await readAndMerge(live)
    const locker = await lockFile(former, 'posix', 'write')
    const replaced = live.replace(image, stage())
    await new Promise((later) => setTimeout(later, 30))
    expect(statSync(target).ino).toBe(statSync(former).ino)
    await locker.release()
    expect(await replaced).toEqual({ status: 'replaced' })
    live.close()
    expect(knownRows(target)).toEqual({ 3: MERGED, 11: 11 })
  })

  test('one that never lets go makes it give up, with nothing renamed', async () => {
    const { folder, former, live, stage, renames } = scene()
    const image = await readAndMerge(live)
    await lockFile(former, 'posix', 'write')
    await expect(live.replace(image, stage())).rejects.toMatchObject({ name: 'LiveError', code: 'busy' })
    expect(renames()).toBe(0)
    expect(readdirSync(folder).sort()).toEqual(['former', 'new.rrd'])
    live.close()
  })

  test("a reader's lock disturbs nobody", async () => {
    const { former, live, stage } = scene()
    await lockFile(former, 'posix', 'read')
    const image = await readAndMerge(live)
    expect(await live.replace(image, stage())).toEqual({ status: 'replaced' })
    live.close()
  })

  test('a header torn by an updater that stands still is not taken for a moment', async () => {
    const { former } = scene()
    const whole = readFileSync(former)
    const locker = await lockFile(former, 'posix', 'write')
    const fd = openSync(former, 'r+')
    const torn = Buffer.from(whole)
    const pointer = openRrd(former).header.length - 16
    torn.writeBigUInt64LE(torn.readBigUInt64LE(pointer) + 1n, pointer)
    writeSync(fd, torn, 0, torn.length, 0)
    const reader = new LiveFile(openSync(former, 'r'), former)
    const read = reader.read((size) => new Uint8Array(size))
    await new Promise((later) => setTimeout(later, 30))
    writeSync(fd, whole, 0, pointer + 16, 0)
    await locker.release()
    expect(Buffer.from(await read).subarray(0, pointer + 16)).toEqual(whole.subarray(0, pointer + 16))
    // Rows are found by the header, so one kept from the torn moment would shift them all.
    expect(reader.header).toEqual(openRrd(former).header)
    reader.close()
  })
})

describe('what else can come between', () => {
  test('a file that another program put in its place is not overwritten', async () => {
    const { folder, target, live, stage, renames } = scene()
    const image = await readAndMerge(live)
    const restored = createRrd(join(folder, 'restored'))
    const replaced = live.replace(image, stage({ staged: () => renameSync(restored, target) }))
    await expect(replaced).rejects.toMatchObject({ name: 'LiveError', code: 'replaced' })
    expect(renames()).toBe(0)
    expect(knownRows(target)).toEqual({})
    live.close()
  })

  test('rrdtool tune changes the structure: start again', async () => {
    const { target, live, stage } = scene()
    const image = await readAndMerge(live)
    const tune = (): void => void rrdtool('tune', target, '--heartbeat', 'a:999')
    expect(await live.replace(image, stage({ staged: tune }))).toEqual({ status: 'again' })
    expect(await live.replace(await readAndMerge(live), stage())).toEqual({ status: 'replaced' })
    live.close()
    expect(openRrd(target).header.dataSources[0]?.heartbeat).toBe(999)
  })

  test('the caller stops it', async () => {
    const stop = new AbortController()
    const { former, live, stage, renames } = scene({ signal: stop.signal })
    const image = await readAndMerge(live)
    await lockFile(former, 'posix', 'write')
    const replaced = live.replace(image, stage())
    stop.abort()
    await expect(replaced).rejects.toMatchObject({ name: 'AbortError' })
    expect(renames()).toBe(0)
    live.close()
  })

  test('with mode off nobody looks: an update in between is lost', async () => {
    const { target, former, live, stage } = scene({ mode: 'off' })
    const image = await readAndMerge(live)
    expect(await live.replace(image, stage({ staged: () => update(former, 12) }))).toEqual({
      status: 'replaced',
    })
    live.close()
    expect(knownRows(target)).toEqual({ 3: MERGED, 11: 11 })
  })
})
