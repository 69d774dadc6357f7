import { copyFileSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { markJournal, readJournal } from '@nightshift/tooling/files'
import { describe, expect, it } from 'vitest'
import { applyPlan, findUnfinished, RepairTarget, settleUnfinished, undo } from '../../src/repair/index.ts'
import { folder, hashOf, image, manyEdits, planOf } from './sample.ts'

/** An image and its undo file as a run leaves them that is killed once it has written so many bytes of the file. */
async function interrupted(upTo: number, undoFile?: string) {
  const file = image()
  const before = readFileSync(file)
  const options = undoFile === undefined ? {} : { undo: undoFile }
  const applied = await applyPlan(file, await planOf(file, manyEdits(file)), options)
  const after = readFileSync(file)
  const journal = applied.undoFile ?? ''
  const fd = openSync(journal, 'r+')
  // As it was before it was marked: state, and the mtime that was left.
  writeSync(fd, 'PREP', 8, 'latin1')
  writeSync(fd, Buffer.alloc(16), 0, 16, 48)
  const fresh = Buffer.concat([after.subarray(0, upTo), before.subarray(upTo)])
  writeFileSync(file, upTo >= after.length ? after : fresh)
  return { file, journal, before, after }
}

function settle(file: string, undoFile?: string) {
  const target = RepairTarget.open(file)
  try {
    return settleUnfinished(target, undoFile)
  } finally {
    target.close()
  }
}

const ALL = 10 ** 9

describe('a repair that was interrupted', () => {
  it.each([
    ['before its first write', 0, 'untouched'],
    ['after its first bytes', 66, 'rolled-back'],
    ['after half', 2 * 65536 + 40, 'rolled-back'],
    ['after all', ALL, 'complete'],
  ])('%s (%i bytes) is found, and settled: %s %s', async (_when, upTo, settlement) => {
    const { file, journal, before, after } = await interrupted(upTo)
    expect(findUnfinished(file)).toEqual([journal])
    expect(settle(file)).toEqual([{ undoFile: journal, settlement }])
    expect(readFileSync(file).equals(settlement === 'complete' ? after : before)).toBe(true)
    expect(existsSync(journal)).toBe(settlement === 'complete')
    expect(findUnfinished(file)).toEqual([])
    if (settlement === 'complete') await undo(file, journal)
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it.each([
    ['before its first write', 0, 'untouched'],
    ['after half', 2 * 65536 + 40, 'restored'],
    ['after all', ALL, 'restored'],
  ])('%s (%i bytes) can be undone: %s', async (_when, upTo, outcome) => {
    const { file, journal, before } = await interrupted(upTo)
    expect(await undo(file, journal)).toMatchObject({ outcome, interrupted: true })
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(findUnfinished(file)).toEqual([])
  })

  it('is found under the name that is given again', async () => {
    const named = join(folder(), 'named')
    const { file, before } = await interrupted(2 * 65536, named)
    expect(findUnfinished(file)).toEqual([])
    expect(findUnfinished(file, named)).toEqual([named])
    expect(settle(file, named)).toEqual([{ undoFile: named, settlement: 'rolled-back' }])
    expect(readFileSync(file).equals(before)).toBe(true)
    // And the name is free again.
    await applyPlan(file, await planOf(file, manyEdits(file)), { undo: named })
  })

  it('is found once where the name given is the default one', async () => {
    const { file, journal } = await interrupted(66)
    expect(findUnfinished(file, journal)).toEqual([journal])
  })

  it('while its undo file was written: the image is untouched', async () => {
    const { file, journal, before } = await interrupted(0)
    const whole = readFileSync(journal)
    whole.write('WRIT', 8, 'latin1')
    for (const length of [0, 10, 64, 200, whole.length - 1, whole.length]) {
      writeFileSync(journal, whole.subarray(0, length))
      expect(await undo(file, journal)).toMatchObject({ outcome: 'untouched' })
      expect(settle(file)).toEqual([{ undoFile: journal, settlement: 'untouched' }])
      expect(existsSync(journal)).toBe(false)
    }
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('is not settled on another image, nor with a damaged undo file', async () => {
    const { file, journal } = await interrupted(2 * 65536)
    const other = image()
    copyFileSync(journal, `${other}.undo-1`)
    const before = hashOf(other)
    expect(() => settle(other)).toThrow(expect.objectContaining({ code: 'stale' }))
    await expect(undo(other, journal)).rejects.toMatchObject({ code: 'stale' })
    expect(hashOf(other)).toBe(before)
    const damaged = readFileSync(journal)
    damaged.writeUInt8(damaged.readUInt8(500) ^ 1, 500)
    writeFileSync(journal, damaged)
    const now = hashOf(file)
    expect(() => settle(file)).toThrow(expect.objectContaining({ code: 'stale' }))
    expect(hashOf(file)).toBe(now)
  })

  it('stands in the way of a plan that was made of the half-written image', async () => {
    const { file, journal } = await interrupted(2 * 65536)
    const target = RepairTarget.open(file)
    const now = hashOf(file)
    const plan = await planOf(file, [{ offset: 65_000, after: Buffer.from('other'), phase: 'header' }])
    await expect(applyPlan(target, plan)).rejects.toMatchObject({
      code: 'stale',
      remedy: expect.stringContaining(journal),
    })
    target.close()
    expect(hashOf(file)).toBe(now)
    // By its path it is settled first, and then the plan doesn't fit any more.
    await expect(applyPlan(file, await planOf(file, manyEdits(file)))).rejects.toMatchObject({
      code: 'stale',
    })
    expect(existsSync(journal)).toBe(false)
  })

  it('leaves finished ones, and what is none, alone', async () => {
    const file = image()
    await applyPlan(file, await planOf(file, manyEdits(file)))
    writeFileSync(`${file}.undo-2`, 'no undo file')
    writeFileSync(`${file}.undo-02`, '')
    writeFileSync(`${file}.undo-`, '')
    expect(findUnfinished(file)).toEqual([])
    expect(settle(file)).toEqual([])
  })
})

describe('an undo that was interrupted', () => {
  it.each([0, 66, 2 * 65536, ALL])(
    'with %i bytes of the repair still there is resumed by undo, and by repair',
    async (upTo) => {
      const { file, journal, before } = await interrupted(upTo)
      const half = readFileSync(file)
      const fd = openSync(journal, 'r+')
      markJournal(fd, journal, 'undoing', 1n)
      expect(readJournal(fd, journal).state).toBe('undoing')
      expect(findUnfinished(file)).toEqual([journal])
      expect(await undo(file, journal)).toMatchObject({ outcome: 'restored', interrupted: true })
      expect(readFileSync(file).equals(before)).toBe(true)
      markJournal(fd, journal, 'undoing', 1n)
      writeFileSync(file, half)
      expect(settle(file)).toEqual([{ undoFile: journal, settlement: 'rolled-back' }])
      expect(readFileSync(file).equals(before)).toBe(true)
    },
  )
})
