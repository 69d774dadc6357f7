import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, closeSync, openSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { applyPlan, assertNotInUse, lookAtUse, RepairTarget, undo } from '../../src/repair/index.ts'
import { qemu, qemuImg } from '../support/qemu.ts'
import { type Holder, hold, locking, loopDevice, qemuIoHolding, shellHolding } from './holders.ts'
import { folder, hashOf, image, planOf } from './sample.ts'

const one = { offset: 65_000, after: Buffer.alloc(12, 0xd5), phase: 'header' } as const

const holders: [who: string, start: (file: string) => Promise<Holder>, words: RegExp][] = [
  ['qemu-io', (file) => qemuIoHolding(file), /locked by qemu-io \(pid \d+\)/],
  ['qemu-io -r, which only reads', (file) => qemuIoHolding(file, '-r'), /locked by qemu-io \(pid \d+\)/],
  [
    'qemu-io with locking off',
    (file) =>
      hold('qemu-io', [
        '--image-opts',
        `driver=qcow2,file.driver=file,file.filename=${file},file.locking=off`,
      ]),
    /open for writing by qemu-io \(pid \d+\)/,
  ],
  ['a POSIX lock to read', (file) => locking(file, 'posix', 'read'), /locked by perl/],
  ['a POSIX lock to write', (file) => locking(file, 'posix', 'write'), /locked by perl/],
  ['an OFD lock to read', (file) => locking(file, 'ofd', 'read'), /locked by perl/],
  ['an OFD lock to write', (file) => locking(file, 'ofd', 'write'), /locked by perl/],
  [
    'a descriptor open for writing',
    (file) => shellHolding(file, 'write'),
    /open for writing by sh \(pid \d+\)/,
  ],
  [
    'another pid namespace',
    (file) =>
      hold('unshare', [
        '-rmpf',
        '--mount-proc',
        'sh',
        '-c',
        'exec 3<>"$1"; echo held; read -r end',
        'sh',
        file,
      ]),
    /open for writing by sh/,
  ],
]

describe.each(holders)('held by %s', (_who, start, words) => {
  it('apply and undo are refused, whatever is assumed, until it is gone', async () => {
    const file = image()
    const plan = await planOf(file, [one])
    const before = hashOf(file)
    const holder = await start(file)
    for (const assumeOffline of [false, true]) {
      const refused = expect(applyPlan(file, plan, { assumeOffline })).rejects
      await refused.toMatchObject({ code: 'in-use', message: expect.stringMatching(words) })
      await expect(undo(file, `${file}.undo-1`, { assumeOffline })).rejects.toMatchObject({ code: 'in-use' })
    }
    expect(hashOf(file)).toBe(before)
    expect(readdirSync(dirname(file))).toEqual([basename(file)])
    await holder.release()
    const { undoFile = '' } = await applyPlan(file, plan)
    const again = await start(file)
    await expect(undo(file, undoFile, { force: true })).rejects.toMatchObject({ code: 'in-use' })
    await again.release()
    await undo(file, undoFile, { force: true })
    expect(hashOf(file)).toBe(before)
  })
})

describe('an image that is not held', () => {
  it('by a reader without locks, or by BSD locks', async () => {
    const file = image()
    const reader = await shellHolding(file, 'read')
    const flock = await hold('flock', [file, 'sh', '-c', 'echo held; read -r end'])
    const fd = openSync(file, 'r')
    expect(lookAtUse(fd, file)).toEqual({ state: 'free' })
    closeSync(fd)
    await reader.release()
    await flock.release()
  })

  it('is kept from QEMU while it is repaired', () => {
    const file = image()
    const target = RepairTarget.open(file)
    expect(target.watch).toMatchObject({ held: true })
    expect(target.watch.look()).toEqual({ state: 'free' })
    expect(qemu('qemu-io', ['-c', 'read 0 512', file]).stderr).toMatch(/lock/)
    expect(qemu('qemu-img', ['snapshot', '-c', 's1', file]).stderr).toMatch(/lock/)
    target.close()
    qemuImg(['snapshot', '-c', 's1', file])
  })

  it('can be repaired by one only', () => {
    const file = image()
    const target = RepairTarget.open(file)
    expect(() => RepairTarget.open(file)).toThrow('is in use: locked')
    target.close()
    RepairTarget.open(file).close()
  })

  it('but not where qemu-nbd serves it', async () => {
    const file = image()
    const socket = join(dirname(file), 'socket')
    const child = spawn('qemu-nbd', ['-k', socket, '-t', '--fork', '--pid-file', `${socket}.pid`, file], {
      stdio: 'ignore',
    })
    const [status] = await once(child, 'close')
    expect(status).toBe(0)
    const pid = Number(spawnSync('cat', [`${socket}.pid`], { encoding: 'utf8' }).stdout)
    onTestFinished(() => void process.kill(pid))
    expect(() => RepairTarget.open(file)).toThrow(new RegExp(`locked by qemu-nbd \\(pid ${pid}\\)`))
  })
})

it('an image that a loop device is attached to is in use, though no process has it open', () => {
  const file = image()
  const device = loopDevice(file)
  expect(() => RepairTarget.open(file, { assumeOffline: true })).toThrow(
    `in use: attached to the loop device ${device}`,
  )
})

describe('an image that changes', () => {
  const changes: [what: string, change: (file: string) => void][] = [
    ['its length', (file) => appendFileSync(file, 'x')],
    ['its times', (file) => utimesSync(file, 1, 1)],
  ]
  it.each(changes)('%s, between two looks, is in use', async (_what, change) => {
    const file = image()
    const target = RepairTarget.open(file)
    change(file)
    const words = expect.stringContaining('it changes')
    await expect(target.watch.assertStill()).rejects.toMatchObject({ code: 'in-use', message: words })
    target.close()
  })

  it('or is opened for writing meanwhile', async () => {
    const file = image()
    const target = RepairTarget.open(file)
    const holder = await shellHolding(file, 'write')
    await expect(target.watch.assertStill()).rejects.toMatchObject({
      code: 'in-use',
      message: expect.stringContaining(`pid ${holder.pid}`),
    })
    target.close()
  })
})

describe('where not all can be seen', () => {
  /** In a pid namespace of its own most of the host's processes are not there. */
  it('the lock state is unknown, unless the operator knows better', () => {
    const file = image()
    const code = `
      import { RepairTarget } from ${JSON.stringify(join(import.meta.dirname, '../../src/repair/index.ts'))}
      for (const assumeOffline of [false, true]) {
        try {
          RepairTarget.open(process.argv.at(-1), { assumeOffline }).close()
          console.log('opened')
        } catch (error) {
          console.log(error.code, error.message, '|', error.remedy)
        }
      }`
    const script = join(folder(), 'open.mts')
    writeFileSync(script, code)
    const run = spawnSync('unshare', ['-rmpf', '--mount-proc', 'npx', 'tsx', script, file], {
      encoding: 'utf8',
    })
    expect(run.stdout).toMatch(
      /^lock-state-unknown .*lock state unknown: processes outside this container.*--assume-offline\nopened\n$/s,
    )
  })
})

describe('a block device', () => {
  it('that is free can be looked at, and one that is claimed is in use', () => {
    const file = join(folder(), 'disk')
    writeFileSync(file, Buffer.alloc(1 << 22))
    const device = loopDevice(file)
    const fd = openSync(device, 'r')
    onTestFinished(() => closeSync(fd))
    expect(lookAtUse(fd, device)).toEqual({ state: 'free' })
    expect(spawnSync('mkfs.ext4', ['-q', device]).status).toBe(0)
    const where = folder()
    expect(spawnSync('mount', [device, where]).status).toBe(0)
    try {
      expect(lookAtUse(fd, device)).toMatchObject({
        state: 'in-use',
        why: expect.stringContaining('mounted'),
      })
      expect(() => assertNotInUse(fd, device, { assumeOffline: true })).toThrow('in use')
    } finally {
      spawnSync('umount', [where])
    }
  })

  it('is repaired and undone like a file, but wants an undo file elsewhere', async () => {
    const file = image()
    const size = Math.ceil(readSize(file) / 65536) * 65536
    spawnSync('truncate', ['-s', String(size), file])
    const before = hashOf(file)
    const device = loopDevice(file)
    const plan = await planOf(file, [one])
    await expect(applyPlan(device, plan)).rejects.toMatchObject({ code: 'refused' })
    const undoFile = join(folder(), 'undo')
    await applyPlan(device, plan, { undo: undoFile })
    expect(hashOf(device)).not.toBe(before)
    await undo(device, undoFile)
    expect(hashOf(device)).toBe(before)
  })
})

function readSize(file: string): number {
  return Number(spawnSync('stat', ['-c', '%s', file], { encoding: 'utf8' }).stdout)
}
