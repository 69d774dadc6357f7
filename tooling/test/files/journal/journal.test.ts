import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  assertSameTarget,
  changeProgress,
  type InPlaceWrite,
  journalName,
  preImages,
  readJournal,
  rollBack,
  writeJournal,
} from '../../../src/files/index.ts'
import { names, open, thrownBy } from '../support.ts'
import { apply, pattern, prepared, target, tool, twoWrites } from './prepared.ts'

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
