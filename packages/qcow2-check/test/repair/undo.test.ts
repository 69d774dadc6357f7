import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { applyPlan, RepairTarget, undo } from '../../src/repair/index.ts'
import { isSameTime } from '../../src/repair/target.ts'
import { FailingSource } from '../faults/failing-source.ts'
import { type Edit, folder, hashOf, image, manyEdits, planOf } from './sample.ts'

interface Repaired {
  readonly file: string
  readonly undoFile: string
  readonly before: string
  readonly after: string
}

const LATER: readonly Edit[] = [{ offset: 100, after: Buffer.from('later'), phase: 'header' }]

async function repaired(): Promise<Repaired> {
  const file = image()
  const before = hashOf(file)
  const { undoFile = '' } = await applyPlan(file, await planOf(file, manyEdits(file)))
  return { file, undoFile, before, after: hashOf(file) }
}

/** Changes bytes as somebody would who leaves no trace in the times. */
function poke(file: string, offset: number): void {
  const { atime, mtime } = statSync(file)
  const bytes = readFileSync(file)
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset)
  writeFileSync(file, bytes)
  utimesSync(file, atime, mtime)
}

describe('undo', () => {
  it('twice: the second has nothing to do', async () => {
    const { file, undoFile, before } = await repaired()
    const first = await undo(file, undoFile)
    expect(first).toEqual({
      outcome: 'restored',
      interrupted: false,
      bytes: 32 + 64 + 8 + 8 + 12,
      runs: 8,
      size: statSync(file).size,
    })
    expect(await undo(file, undoFile)).toMatchObject({ outcome: 'already', bytes: 0 })
    expect(hashOf(file)).toBe(before)
  })

  it('of what was written to since it was undone is refused', async () => {
    const { file, undoFile } = await repaired()
    await undo(file, undoFile)
    poke(file, 70)
    await expect(undo(file, undoFile, { force: true })).rejects.toMatchObject({ code: 'stale' })
  })

  it('says what it would do, and does nothing', async () => {
    const { file, undoFile, before, after } = await repaired()
    expect(await undo(file, undoFile, { dryRun: true })).toMatchObject({ outcome: 'restored' })
    expect(hashOf(file)).toBe(after)
    await undo(file, undoFile)
    expect(hashOf(file)).toBe(before)
  })

  it('and repair again', async () => {
    const { file, undoFile, before, after } = await repaired()
    await undo(file, undoFile)
    const again = await applyPlan(file, await planOf(file, manyEdits(file)))
    expect(again.undoFile).toBe(`${file}.undo-2`)
    expect(hashOf(file)).toBe(after)
    await expect(undo(file, undoFile)).rejects.toMatchObject({ code: 'stale' })
    await undo(file, `${file}.undo-2`)
    expect(hashOf(file)).toBe(before)
  })

  it('of two repairs, in their order only', async () => {
    const { file, before, after } = await repaired()
    await applyPlan(file, await planOf(file, LATER))
    await expect(undo(file, `${file}.undo-1`)).rejects.toMatchObject({ code: 'stale' })
    await undo(file, `${file}.undo-2`)
    expect(hashOf(file)).toBe(after)
    await undo(file, `${file}.undo-1`)
    expect(hashOf(file)).toBe(before)
  })

  it('puts the modification time back, but not over that of what somebody else wrote', async () => {
    const file = image()
    execFileSync('touch', ['-d', '2019-02-22 03:14:15.926535897', file])
    const { mtimeMs } = statSync(file)
    await applyPlan(file, await planOf(file, LATER))
    expect(statSync(file).mtimeMs).not.toBe(mtimeMs)
    await undo(file, `${file}.undo-1`)
    expect(statSync(file).mtimeMs).toBeCloseTo(mtimeMs, 2)

    await applyPlan(file, await planOf(file, LATER))
    execFileSync('touch', ['-d', '2020-01-01', file])
    await undo(file, `${file}.undo-2`, { force: true })
    expect(statSync(file).mtimeMs).not.toBeCloseTo(mtimeMs, 2)
  })

  it('finds any time again that it put back', () => {
    const target = RepairTarget.open(image())
    const second = 1_550_805_255_000_000_000n
    for (const time of [
      0n,
      1n,
      999n,
      1000n,
      926_535_000n,
      926_535_897n,
      926_536_999n,
      999_999_000n,
      999_999_999n,
    ]) {
      target.restoreMtime(second + time)
      expect([time, isSameTime(target.mtime(), second + time)]).toEqual([time, true])
      expect([time, isSameTime(target.mtime(), second + time + 2000n)]).toEqual([time, false])
    }
    target.close()
  })

  it('of a repair after one that failed and was rolled back', async () => {
    const { file, before, after } = await repaired()
    const plan = await planOf(file, LATER)
    await expect(
      applyPlan(file, plan, { through: (source) => new FailingSource(source, { at: 1, errno: 'EIO' }) }),
    ).rejects.toMatchObject({ code: 'not-written' })
    expect(hashOf(file)).toBe(after)
    await undo(file, `${file}.undo-1`)
    expect(hashOf(file)).toBe(before)
  })
})

describe('undo is refused', () => {
  const changes: [what: string, forcible: boolean, change: (repaired: Repaired) => void][] = [
    ['after a touch', true, ({ file }) => execFileSync('touch', [file])],
    [
      'after a write elsewhere',
      true,
      ({ file }) =>
        execFileSync('sh', [
          '-c',
          'printf x | dd of="$1" bs=1 seek=300000 conv=notrunc status=none',
          'sh',
          file,
        ]),
    ],
    ['after a byte of what was written', false, ({ file }) => poke(file, 2 * 65536 + 40)],
    ['after a byte of what was appended', false, ({ file }) => poke(file, statSync(file).size - 9)],
    ['after a write to the header', false, ({ file }) => poke(file, 24)],
    ['when it is longer', false, ({ file }) => execFileSync('truncate', ['-s', '+1', file])],
    ['when it is shorter', false, ({ file }) => execFileSync('truncate', ['-s', '-1', file])],
    ['for another image', false, ({ file }) => copyFileSync(image(), file)],
  ]
  it.each(changes)('%s; --force helps: %s', async (_what, forcible, change) => {
    const done = await repaired()
    change(done)
    const { file, undoFile } = done
    const now = hashOf(file)
    await expect(undo(file, undoFile)).rejects.toMatchObject({ name: 'Qcow2Error', code: 'stale' })
    if (forcible) {
      expect(await undo(file, undoFile, { force: true })).toMatchObject({ outcome: 'restored' })
    } else {
      await expect(undo(file, undoFile, { force: true })).rejects.toMatchObject({ code: 'stale' })
      expect(hashOf(file)).toBe(now)
    }
  })

  it('for a copy, but not with force, nor where the copy kept the times', async () => {
    const { file, undoFile, before } = await repaired()
    const copy = join(folder(), 'copy')
    copyFileSync(file, copy)
    await expect(undo(copy, undoFile)).rejects.toMatchObject({
      code: 'stale',
      remedy: expect.stringContaining('--force'),
    })
    await undo(copy, undoFile, { force: true })
    expect(hashOf(copy)).toBe(before)
    // The undo file now says that it was used, which is true of the copy.
    const other = await repaired()
    const kept = join(folder(), 'kept')
    execFileSync('cp', ['-p', other.file, kept])
    await undo(kept, other.undoFile)
    expect(hashOf(kept)).toBe(other.before)
  })

  const files: [what: string, code: string, make: (undoFile: string) => void][] = [
    ['cut short', 'stale', (undoFile) => writeFileSync(undoFile, readFileSync(undoFile).subarray(0, 300))],
    ['of other bytes', 'stale', (undoFile) => writeFileSync(undoFile, 'QFI\xfb, nonsense'.repeat(100))],
    ['that is not there', 'unreadable', (undoFile) => execFileSync('rm', [undoFile])],
    [
      'that is a FIFO',
      'unreadable',
      (undoFile) => execFileSync('sh', ['-c', 'rm "$1"; mkfifo "$1"', 'sh', undoFile]),
    ],
    [
      'that is a link',
      'unreadable',
      (undoFile) => execFileSync('sh', ['-c', 'mv "$1" "$1.x"; ln -s "$1.x" "$1"', 'sh', undoFile]),
    ],
    ['of a stranger', 'refused', (undoFile) => execFileSync('chown', ['12345', undoFile])],
  ]
  it.each(files)('with an undo file %s', async (_what, code, make) => {
    const { file, undoFile, after } = await repaired()
    make(undoFile)
    await expect(undo(file, undoFile)).rejects.toMatchObject({ name: 'Qcow2Error', code })
    expect(hashOf(file)).toBe(after)
  })

  it('where the image is the undo file', async () => {
    const { file, undoFile, after } = await repaired()
    await expect(undo(file, file)).rejects.toMatchObject({ code: 'stale' })
    await expect(undo(undoFile, undoFile)).rejects.toMatchObject({ code: 'stale' })
    expect(hashOf(file)).toBe(after)
    expect(existsSync(join(dirname(file), 'disk.qcow2.undo-2'))).toBe(false)
  })
})
