import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  assertSameTarget,
  changeInPlace,
  changeProgress,
  type InPlaceWrite,
  JournalError,
  journalName,
  preImages,
  readJournal,
  recoverInPlace,
  rollBack,
  writeJournal,
} from '../../../src/files/index.ts'
import { names, open, STRANGER, scratch, thrownBy } from '../support.ts'

const tool = 'test-tool'

function pattern(length: number, seed: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 31 + seed + (index >> 8)) & 255))
}

/** A target of some length in a folder of its own, open for writing. */
function target(content: Buffer, mode = 0o640): { folder: string; file: string; fd: number } {
  const folder = scratch()
  const file = path.join(folder, 'x')
  fs.writeFileSync(file, content)
  fs.chmodSync(file, mode)
  return { folder, file, fd: fs.openSync(file, 'r+') }
}

function apply(fd: number, writes: readonly InPlaceWrite[], finalSize?: number): void {
  for (const { offset, bytes } of writes) fs.writeSync(fd, bytes, 0, bytes.length, offset)
  if (finalSize !== undefined) fs.ftruncateSync(fd, finalSize)
}

const twoWrites: readonly InPlaceWrite[] = [
  { offset: 10, bytes: Buffer.from('first') },
  { offset: 5000, bytes: Buffer.alloc(3000, 7) },
]

/** A target of 10,000 bytes with a journal for `twoWrites`. */
function prepared(options: { finalSize?: number; writes?: readonly InPlaceWrite[] } = {}) {
  const before = pattern(10_000, 1)
  const place = target(before)
  const { writes = twoWrites, ...rest } = options
  writeJournal(open(place.folder), journalName('x', tool), place.fd, writes, { tool, ...rest })
  const journal = path.join(place.folder, 'x.test-tool-undo')
  return { ...place, before, journal, read: () => readJournal(fs.openSync(journal, 'r'), journal) }
}

describe('a journal', () => {
  it('holds the bytes as they were, and no name', () => {
    const { read, before, journal } = prepared()
    const found = read()
    expect(found).toMatchObject({ state: 'prepared', records: 2, bytes: 3005 })
    expect(found.header).toMatchObject({ tool, finalSize: 10_000, target: { size: 10_000 } })
    expect([...preImages(found)].map((image) => [image.offset, image.before])).toEqual([
      [10, before.subarray(10, 15)],
      [5000, before.subarray(5000, 8000)],
    ])
    expect(fs.readFileSync(journal, 'latin1')).not.toContain(path.dirname(journal))
  })

  for (const [mode, journalMode] of [
    [0o644, 0o600],
    [0o600, 0o600],
    [0o440, 0o400],
    [0o4755, 0o600],
  ] as const) {
    it(`of a file of mode ${mode.toString(8)} has mode ${journalMode.toString(8)}`, () => {
      const { folder, fd } = target(pattern(100, 1), mode)
      writeJournal(open(folder), 'j', fd, [{ offset: 0, bytes: Buffer.from('a') }], { tool })
      expect(fs.statSync(path.join(folder, 'j')).mode & 0o7777).toBe(journalMode)
    })
  }

  it('is never written over another, nor through a link', () => {
    const { folder, fd } = target(pattern(100, 1))
    fs.writeFileSync(path.join(folder, 'victim'), 'victim')
    fs.symlinkSync('victim', path.join(folder, 'link'))
    fs.symlinkSync('nowhere', path.join(folder, 'dangling'))
    for (const name of ['victim', 'link', 'dangling']) {
      expect(thrownBy(() => writeJournal(open(folder), name, fd, twoWrites, { tool }))).toMatchObject({
        code: 'exists',
      })
    }
    expect(fs.readFileSync(path.join(folder, 'victim'), 'utf8')).toBe('victim')
    expect(names(folder)).toEqual(['dangling', 'link', 'victim', 'x'])
  })

  it('is told from other names of 255 bytes by a hash', () => {
    const [a, b] = [journalName(`${'n'.repeat(254)}a`, tool), journalName(`${'n'.repeat(254)}b`, tool)]
    expect(a).not.toEqual(b)
    expect([a.length, b.length]).toEqual([255, 255])
    expect(journalName(Buffer.from([0xff]), tool)).toEqual(Buffer.from('\xff.test-tool-undo', 'latin1'))
  })

  it('refuses a write beyond the final length, and leaves nothing', () => {
    const { folder, fd } = target(pattern(100, 1))
    const beyond = [{ offset: 98, bytes: Buffer.from('abc') }]
    expect(() => writeJournal(open(folder), 'j', fd, beyond, { tool })).toThrow('ends beyond')
    expect(names(folder)).toEqual(['x'])
  })

  it('brings back any change: law', () => {
    const write = fc.record({ offset: fc.nat(3000), bytes: fc.uint8Array({ minLength: 1, maxLength: 900 }) })
    const property = fc.property(
      fc.uint8Array({ maxLength: 3000 }),
      fc.array(write, { maxLength: 8 }),
      fc.nat(4000),
      fc.nat(20),
      (content, all, finalSize, applied) => {
        const writes = disjoint(all, finalSize)
        const place = target(Buffer.from(content))
        writeJournal(open(place.folder), 'j', place.fd, writes, { tool, finalSize })
        // Killed after some of the writes, perhaps before the length was set.
        apply(place.fd, writes.slice(0, applied), applied > writes.length ? finalSize : undefined)
        const journal = readJournal(fs.openSync(path.join(place.folder, 'j'), 'r'), 'j')
        assertSameTarget(journal, place.fd)
        rollBack(journal, place.fd, 'x')
        const same = fs.readFileSync(place.file).equals(Buffer.from(content))
        const progress = changeProgress(journal, place.fd)
        fs.closeSync(journal.fd)
        fs.closeSync(place.fd)
        fs.rmSync(place.folder, { recursive: true })
        return same && progress === 'before'
      },
    )
    fc.assert(property, { numRuns: 150 })
  })

  it('of a large change stays in bounded memory, in pieces of 1 MiB', () => {
    const { folder, file, fd } = target(Buffer.alloc(0))
    fs.truncateSync(file, 40 << 20)
    writeJournal(open(folder), 'j', fd, [{ offset: 3, bytes: Buffer.alloc((5 << 20) + 1, 1) }], { tool })
    const journal = readJournal(fs.openSync(path.join(folder, 'j'), 'r'), 'j')
    const lengths = [...preImages(journal)].map(({ before }) => before.length)
    expect(lengths).toEqual([1 << 20, 1 << 20, 1 << 20, 1 << 20, 1 << 20, 1])
  })
})

/** Those of the writes that overlap no earlier one and end within the length. */
function disjoint(writes: readonly InPlaceWrite[], finalSize: number): InPlaceWrite[] {
  const kept: InPlaceWrite[] = []
  for (const { offset, bytes } of writes) {
    const end = offset + bytes.length
    if (
      end <= finalSize &&
      kept.every((other) => end <= other.offset || other.offset + other.bytes.length <= offset)
    ) {
      kept.push({ offset, bytes })
    }
  }
  return kept
}

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

describe('a damaged journal', () => {
  it('cut short at any length before it was complete: torn, hence the target untouched', () => {
    const { journal, before, file } = prepared()
    const whole = fs.readFileSync(journal)
    whole.write('WRIT', 8, 'latin1')
    for (let length = 0; length < whole.length; length += length < 300 ? 1 : 97) {
      fs.writeFileSync(journal, whole.subarray(0, length))
      expect(thrownBy(() => readJournal(fs.openSync(journal, 'r'), journal))).toMatchObject({ code: 'torn' })
    }
    expect(fs.readFileSync(file)).toEqual(before)
  })

  it('with any byte altered: typed error, and never another pre-image', () => {
    const { journal } = prepared()
    const whole = fs.readFileSync(journal)
    for (let at = 0; at < whole.length; at += at < 400 || at > whole.length - 100 ? 1 : 61) {
      for (const mask of [0x01, 0x80, 0xff]) {
        const altered = Buffer.from(whole)
        altered.writeUInt8(altered.readUInt8(at) ^ mask, at)
        fs.writeFileSync(journal, altered)
        const fd = fs.openSync(journal, 'r')
        const error = thrownBy(() => readJournal(fd, journal))
        fs.closeSync(fd)
        expect(error).toBeInstanceOf(JournalError)
        expect(error).toMatchObject({ code: at < 8 ? 'not-a-journal' : 'damaged' })
      }
    }
  })

  it('of random bytes behind a good beginning is refused without large allocations', () => {
    const { journal } = prepared()
    const whole = fs.readFileSync(journal)
    const property = fc.property(
      fc.nat(whole.length - 1),
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      (at, bytes) => {
        const altered = Buffer.from(whole)
        altered.set(bytes.subarray(0, whole.length - at), at)
        if (altered.equals(whole)) return
        fs.writeFileSync(journal, altered)
        const fd = fs.openSync(journal, 'r')
        try {
          expect(thrownBy(() => readJournal(fd, journal))).toBeInstanceOf(JournalError)
        } finally {
          fs.closeSync(fd)
        }
      },
    )
    fc.assert(property, { numRuns: 300 })
  })

  it('what is no journal at all is said to be none', () => {
    const folder = scratch()
    const file = path.join(folder, 'j')
    fs.writeFileSync(file, 'RRD\0 whatever'.repeat(100))
    expect(thrownBy(() => readJournal(fs.openSync(file, 'r'), file))).toMatchObject({ code: 'not-a-journal' })
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
