import { once } from 'node:events'
import { linkSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { qcow2Check, startQcow2Check } from '../support/cli.ts'
import { noise } from '../support/noise.ts'
import { qemuImg } from '../support/qemu.ts'
import { Scratch } from '../support/scratch.ts'

const M = 2 ** 20

const scratch = new Scratch('qcow2-rescue-output')
afterAll(() => scratch[Symbol.dispose]())

/** 6 MiB, for small disks; 192 MiB, which take a moment. */
let small: { readonly image: string; readonly disk: Buffer }
let large: { readonly image: string; readonly disk: Buffer }
beforeAll(() => {
  const make = (name: string, size: number) => {
    const [raw, image] = [scratch.file(`${name}.raw`), scratch.file(`${name}.qcow2`)]
    const disk = noise(name, size)
    writeFileSync(raw, disk)
    qemuImg(['convert', '-O', 'qcow2', raw, image])
    return { image, disk }
  }
  small = make('small', 6 * M)
  large = make('large', 192 * M)
})

let number = 0
/** A folder in which only the outputs of one run are. */
function outputs(): string {
  const where = new Scratch(`qcow2-out-${number++}`)
  folders.push(where)
  return where.path
}
const folders: Scratch[] = []
afterAll(() => {
  for (const one of folders) one[Symbol.dispose]()
})

/** A file system of so many bytes at disk/ for the run; afterwards the names on it are in names.txt. */
const onDisk = (size: string) => `mkdir disk && mount -t tmpfs -o size=${size} tmpfs disk || exit 99
if [ -f keep ]; then cp keep disk/out; fi
code=0; "$@" || code=$?
ls -A disk > names.txt; if [ -f disk/out ]; then cp disk/out kept; fi; umount disk; exit $code`

describe.each(['raw', 'qcow2'] as const)('%s, on a disk that fills up', (format) => {
  test('says so in a line, and leaves nothing', () => {
    const cwd = outputs()
    const args = ['rescue', small.image, '-O', format, '-o', 'disk/out', '--map', 'disk/map']
    const ran = qcow2Check(args, { cwd, within: onDisk('3m') })
    expect(ran.status).toBe(1)
    expect(ran.stderr).toMatch(/^qcow2-check: error: disk\/out: .*no space left[^\n]*\n([^\n]*\n)?$/i)
    expect(readFileSync(join(cwd, 'names.txt'), 'utf8')).toBe('')
  })

  test('leaves a file that was to be replaced as it was', () => {
    const cwd = outputs()
    writeFileSync(join(cwd, 'keep'), 'precious')
    const args = ['rescue', small.image, '-O', format, '-o', 'disk/out', '--force']
    expect(qcow2Check(args, { cwd, within: onDisk('3m') }).status).toBe(1)
    expect(readFileSync(join(cwd, 'names.txt'), 'utf8')).toBe('out\n')
    expect(readFileSync(join(cwd, 'kept'), 'utf8')).toBe('precious')
  })

  test('under the list of losses: the disk is there, the list is not, and it says so', () => {
    const cwd = outputs()
    const within = `mkdir disk && mount -t tmpfs -o size=4k tmpfs disk || exit 99
head -c 100000 /dev/zero > disk/filling 2> /dev/null
code=0; "$@" || code=$?; ls -A disk > names.txt; umount disk; exit $code`
    const ran = qcow2Check(['rescue', small.image, '-O', format, '-o', 'out', '--map', 'disk/map'], {
      cwd,
      within,
    })
    expect([ran.status, ran.stderr]).toEqual([1, expect.stringMatching(/disk\/map: .*no space left/i)])
    expect(readFileSync(join(cwd, 'names.txt'), 'utf8')).toBe('filling\n')
    expect(statSync(join(cwd, 'out')).size).toBeGreaterThan(0)
  })
})

/** Runs a rescue of the large image, and signals it once it has written; how it ended. */
async function interrupted(format: string, output: string, signal: NodeJS.Signals) {
  const folder = join(output, '..')
  const child = startQcow2Check(['rescue', large.image, '-O', format, '-o', output])
  let over = false
  const ended = once(child, 'close').then(([code, by]) => {
    over = true
    return { code: code as number | null, by: by as string | null }
  })
  const written = () => readdirSync(folder).some((name) => statSync(join(folder, name)).blocks > 16 * 1024)
  while (!over && !written()) await setImmediate()
  child.kill(signal)
  return ended
}

describe.each(['raw', 'qcow2'] as const)('%s, while it is written', (format) => {
  test('SIGKILL: no half file under its name, and the next run cleans up and does it', async () => {
    const cwd = outputs()
    const output = join(cwd, 'out')
    expect(await interrupted(format, output, 'SIGKILL')).toEqual({ code: null, by: 'SIGKILL' })
    expect(readdirSync(cwd)).toEqual([expect.stringMatching(/^\.out\.qcow2-check-.*\.tmp$/)])
    expect(qcow2Check(['rescue', large.image, '-O', format, '-o', output]).status).toBe(0)
    expect(readdirSync(cwd)).toEqual(['out'])
    const raw = format === 'raw' ? output : join(cwd, 'raw')
    if (format === 'qcow2') qemuImg(['convert', '-O', 'raw', output, raw])
    expect(readFileSync(raw).equals(large.disk)).toBe(true)
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s: leaves nothing, and dies by it', async (signal) => {
    const cwd = outputs()
    expect(await interrupted(format, join(cwd, 'out'), signal)).toEqual({ code: null, by: signal })
    expect(readdirSync(cwd)).toEqual([])
  })
})

describe('sectors of the image that can not be read', () => {
  test.each(['raw', 'qcow2'] as const)('are lost, in %s, and the rest is there', (format) => {
    const cwd = outputs()
    // strace counts by thread: the one that reads the tables has no so many reads, those that read data have.
    const within = `exec strace -f -qq -o /dev/null -P ${large.image} -e trace=pread64 -e inject=pread64:error=EIO:when=20..60 "$@"`
    const args = ['rescue', large.image, '-O', format, '-o', 'out', '--map', 'map.json', '--json']
    const ran = qcow2Check(args, { cwd, within })
    expect([ran.status, ran.stderr]).toEqual([2, ''])
    const { disks } = JSON.parse(readFileSync(join(cwd, 'map.json'), 'utf8')) as {
      disks: { lost: { offset: number; length: number; reason: string }[] }[]
    }
    const lost = disks[0]?.lost ?? []
    expect(lost.length).toBeGreaterThan(0)
    expect(new Set(lost.map(({ reason }) => reason))).toEqual(new Set(['read-error']))
    const wanted = Buffer.from(large.disk)
    for (const { offset, length } of lost) wanted.fill(0, offset, offset + length)
    if (format === 'qcow2') qemuImg(['convert', '-O', 'raw', 'out', 'raw'], cwd)
    expect(readFileSync(join(cwd, format === 'raw' ? 'out' : 'raw')).equals(wanted)).toBe(true)
  })
})

describe('names', () => {
  test('that are not UTF-8 are names like any other', () => {
    const cwd = outputs()
    const within = `cp '${small.image}' "$(printf 'in\\377')"
exec "$@" "$(printf 'in\\377')" -o "$(printf 'out\\377')" --map "$(printf 'map\\376.json')"`
    const ran = qcow2Check(['rescue', '-O', 'raw'], { cwd, within })
    expect([ran.status, ran.stderr]).toEqual([0, ''])
    const names = readdirSync(cwd, { encoding: 'buffer' }).map((name) => name.toString('latin1'))
    expect(names.sort()).toEqual(['in\xff', 'map\xfe.json', 'out\xff'])
    expect(readFileSync(Buffer.from(`${cwd}/out\xff`, 'latin1')).equals(small.disk)).toBe(true)
  })

  test.each(['.', 'link', 'hard', 'through'])('that lead to the image are refused: %s', (way) => {
    const cwd = outputs()
    const image = join(cwd, 'image.qcow2')
    writeFileSync(image, readFileSync(small.image))
    symlinkSync('image.qcow2', join(cwd, 'link'))
    linkSync(image, join(cwd, 'hard'))
    symlinkSync('.', join(cwd, 'through'))
    const output = { '.': './image.qcow2', through: 'through/image.qcow2' }[way] ?? way
    for (const args of [
      ['-O', 'raw', '-o', output, '--force'],
      ['-O', 'raw', '-o', 'out', '--map', output],
    ]) {
      const ran = qcow2Check(['rescue', 'image.qcow2', ...args], { cwd })
      expect([ran.status === 0, ran.stderr]).toEqual([false, expect.stringMatching(/^qcow2-check: error: /)])
    }
    expect(readFileSync(image).equals(readFileSync(small.image))).toBe(true)
    expect(readdirSync(cwd).sort()).toEqual(['hard', 'image.qcow2', 'link', 'through'])
  })
})
