import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  assertSameTarget,
  changeInPlace,
  changeProgress,
  type InPlaceWrite,
  readJournal,
  recoverInPlace,
  rollBack,
} from '../../../src/files/index.ts'
import { names, open, STRANGER, thrownBy } from '../support.ts'
import { apply, pattern, prepared, target, tool, twoWrites } from './prepared.ts'

describe('the progress of a change', () => {
  const cases: [what: string, applied: readonly InPlaceWrite[], progress: string][] = [
    ['nothing', [], 'before'],
    ['the first write', twoWrites.slice(0, 1), 'partial'],
    ['half of a write', [{ offset: 5000, bytes: Buffer.alloc(1500, 7) }], 'partial'],
    ['all', twoWrites, 'after'],
  ]
  for (const [what, applied, progress] of cases) {
    it(`after ${what} is ${progress}`, () => {
      const { fd, read } = prepared()
      apply(fd, applied)
      expect(changeProgress(read(), fd)).toBe(progress)
    })
  }

  it('of a shorter file is before, partial, after', () => {
    const { fd, read } = prepared({ finalSize: 6000, writes: [{ offset: 10, bytes: Buffer.from('first') }] })
    expect(changeProgress(read(), fd)).toBe('before')
    apply(fd, [{ offset: 10, bytes: Buffer.from('first') }])
    expect(changeProgress(read(), fd)).toBe('partial')
    fs.ftruncateSync(fd, 6000)
    expect(changeProgress(read(), fd)).toBe('after')
  })
})

describe('a journal of another file', () => {
  it('is not used: another inode, length or header', () => {
    const { fd, file, read, before } = prepared()
    const journal = read()
    assertSameTarget(journal, fd)
    fs.writeFileSync(`${file}2`, before)
    expect(thrownBy(() => assertSameTarget(journal, fs.openSync(`${file}2`, 'r')))).toMatchObject({
      code: 'foreign',
    })
    fs.writeSync(fd, Buffer.from([before.readUInt8(3) ^ 1]), 0, 1, 3)
    expect(thrownBy(() => assertSameTarget(journal, fd))).toMatchObject({ code: 'foreign' })
    fs.writeSync(fd, before, 0, 10, 0)
    fs.ftruncateSync(fd, 9999)
    expect(thrownBy(() => assertSameTarget(journal, fd))).toMatchObject({ code: 'foreign' })
  })

  it('is one of this file still when the change itself or others wrote elsewhere', () => {
    const { fd, read } = prepared()
    apply(fd, twoWrites.slice(0, 1))
    apply(fd, [{ offset: 9000, bytes: Buffer.from('another writer') }])
    expect(() => assertSameTarget(read(), fd)).not.toThrow()
  })
})

describe('recovery', () => {
  const states: [what: string, applied: readonly InPlaceWrite[], recovery: string][] = [
    ['before the first write', [], 'untouched'],
    ['between the writes', twoWrites.slice(1), 'rolled-back'],
    ['after the last', twoWrites, 'complete'],
  ]
  for (const [what, applied, recovery] of states) {
    it(`of a run killed ${what}: ${recovery}, and the journal goes`, () => {
      const { folder, file, fd, before } = prepared()
      apply(fd, applied)
      const after = fs.readFileSync(file)
      expect(recoverInPlace(open(folder), 'x', fd, tool)).toBe(recovery)
      expect(fs.readFileSync(file)).toEqual(recovery === 'complete' ? after : before)
      expect(names(folder)).toEqual(['x'])
      expect(recoverInPlace(open(folder), 'x', fd, tool)).toBe('none')
    })
  }

  it('of a torn journal: the target was never touched', () => {
    const { folder, fd, journal } = prepared()
    fs.writeFileSync(journal, '')
    expect(recoverInPlace(open(folder), 'x', fd, tool)).toBe('untouched')
    expect(names(folder)).toEqual(['x'])
  })

  it('uses no journal that somebody else made, and no link to one', () => {
    const { folder, fd, journal } = prepared()
    apply(fd, twoWrites.slice(1))
    fs.chownSync(journal, STRANGER, STRANGER)
    expect(thrownBy(() => recoverInPlace(open(folder), 'x', fd, tool))).toMatchObject({ code: 'untrusted' })
    fs.renameSync(journal, `${journal}2`)
    fs.symlinkSync(`${journal}2`, journal)
    expect(thrownBy(() => recoverInPlace(open(folder), 'x', fd, tool))).toMatchObject({ code: 'symlink' })
  })

  it('keeps a damaged journal, and a foreign one', () => {
    const { folder, fd, journal } = prepared()
    const whole = fs.readFileSync(journal)
    fs.writeFileSync(journal, whole.subarray(0, whole.length - 1))
    expect(thrownBy(() => recoverInPlace(open(folder), 'x', fd, tool))).toMatchObject({ code: 'damaged' })
    fs.writeFileSync(journal, whole)
    fs.ftruncateSync(fd, 3)
    expect(thrownBy(() => recoverInPlace(open(folder), 'x', fd, tool))).toMatchObject({ code: 'foreign' })
    expect(fs.readFileSync(journal)).toEqual(whole)
  })
})

describe('a change in place', () => {
  it('is complete, and its journal gone, or kept to undo it later', () => {
    const before = pattern(10_000, 1)
    const { folder, file, fd } = target(before)
    const { ino } = fs.statSync(file)
    changeInPlace(open(folder), 'x', fd, twoWrites, { tool })
    const after = Buffer.from(before)
    for (const { offset, bytes } of twoWrites) after.set(bytes, offset)
    expect(fs.readFileSync(file)).toEqual(after)
    expect([names(folder), fs.statSync(file).ino]).toEqual([['x'], ino])
    changeInPlace(open(folder), 'x', fd, [{ offset: 0, bytes: Buffer.from('later') }], {
      tool,
      keepJournal: true,
    })
    expect(recoverInPlace(open(folder), 'x', fd, tool)).toBe('kept')
    const journal = readJournal(fs.openSync(path.join(folder, 'x.test-tool-undo'), 'r'), 'j')
    expect([journal.state, changeProgress(journal, fd)]).toEqual(['done', 'after'])
    rollBack(journal, fd, 'x')
    expect(fs.readFileSync(file)).toEqual(after)
  })

  it('that fails is rolled back at once', () => {
    const before = pattern(10_000, 1)
    const { folder, file, fd } = target(before)
    function* failing(): Generator<InPlaceWrite> {
      yield* twoWrites
      if (names(folder).length > 1 && fs.readFileSync(file).subarray(10, 15).toString() === 'first') {
        throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })
      }
    }
    const writes = { [Symbol.iterator]: failing }
    expect(thrownBy(() => changeInPlace(open(folder), 'x', fd, writes, { tool }))).toMatchObject({
      code: 'no-space',
    })
    expect(fs.readFileSync(file)).toEqual(before)
    expect(names(folder)).toEqual(['x'])
  })
})
