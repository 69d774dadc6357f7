import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { changeProgress, markJournal, readJournal, rollBack } from '../../../src/files/index.ts'
import { thrownBy } from '../support.ts'
import { apply, prepared, twoWrites } from './prepared.ts'

const growing = { finalSize: 12_000, writes: [...twoWrites, { offset: 9_000, bytes: Buffer.alloc(2500, 3) }] }

describe('what a change appended', () => {
  it('is told from what somebody else put there', () => {
    const { fd, read, before, file } = prepared(growing)
    expect(changeProgress(read(), fd)).toBe('before')
    apply(fd, growing.writes, growing.finalSize)
    expect(changeProgress(read(), fd)).toBe('after')
    fs.writeSync(fd, Buffer.from('x'), 0, 1, 11_000)
    expect(changeProgress(read(), fd)).toBe('partial')
    rollBack(read(), fd, file)
    expect(fs.readFileSync(file)).toEqual(before)
  })

  it('and never written: the change is not complete', () => {
    const { fd, read } = prepared(growing)
    apply(fd, twoWrites, growing.finalSize)
    expect(changeProgress(read(), fd)).toBe('partial')
  })
})

describe('the state of a journal', () => {
  const mtime = 1_700_000_000_123_456_789n

  for (const state of ['done', 'undoing', 'undone'] as const) {
    it(`${state} holds the mtime that was left, to the nanosecond`, () => {
      const { journal, read } = prepared()
      expect(read().leftAt).toBeUndefined()
      markJournal(fs.openSync(journal, 'r+'), journal, state, mtime)
      expect(read()).toMatchObject({ state, leftAt: mtime, records: 2 })
    })
  }

  it('with another mtime than was written is damaged', () => {
    const { journal } = prepared()
    markJournal(fs.openSync(journal, 'r+'), journal, 'done', mtime)
    const whole = fs.readFileSync(journal)
    for (let at = 8; at < 64; at++) {
      const altered = Buffer.from(whole)
      altered.writeUInt8(altered.readUInt8(at) ^ 1, at)
      fs.writeFileSync(journal, altered)
      const fd = fs.openSync(journal, 'r')
      expect(thrownBy(() => readJournal(fd, journal))).toMatchObject({ code: 'damaged' })
      fs.closeSync(fd)
    }
  })
})
