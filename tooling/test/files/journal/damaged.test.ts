import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JournalError, readJournal } from '../../../src/files/index.ts'
import { scratch, thrownBy } from '../support.ts'
import { prepared } from './prepared.ts'

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

  it('with sound checksums and extents without end is not believed', () => {
    const { journal } = prepared()
    const extents = [{ offset: 0, length: 2 ** 40 }]
    const target = { dev: '1', ino: '1', size: 2 ** 40, extents, digest: '' }
    const header = Buffer.from(
      JSON.stringify({ version: 1, tool: 'test', created: '', finalSize: 2 ** 40, target }),
    )
    const digest = createHash('sha256').update(header).digest()
    const preamble = Buffer.alloc(64)
    preamble.write('NSUNDO1\nPREP', 'latin1')
    preamble.writeUInt32LE(header.length, 12)
    digest.copy(preamble, 16)
    fs.writeFileSync(
      journal,
      Buffer.concat([preamble, header, Buffer.from('NSUNEND\n'), Buffer.alloc(16), digest]),
    )
    const error = thrownBy(() => readJournal(fs.openSync(journal, 'r'), journal))
    expect(error).toMatchObject({ code: 'damaged' })
  })

  it('what is no journal at all is said to be none', () => {
    const folder = scratch()
    const file = path.join(folder, 'j')
    fs.writeFileSync(file, 'RRD\0 whatever'.repeat(100))
    expect(thrownBy(() => readJournal(fs.openSync(file, 'r'), file))).toMatchObject({ code: 'not-a-journal' })
  })
})
