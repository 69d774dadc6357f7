import { describe, expect, it } from 'vitest'
import {
  ARCHITECTURES,
  type Architecture,
  buildRrd,
  CDP_SLOT,
  convertRrd,
  describeRrd,
  rrdFromBytes,
  rrdToBytes,
} from '../../src/format/index.ts'
import { FIXTURES, fixture } from './fixtures.ts'
import { expectValidRrd } from './invariants.ts'

const open = (architecture: Architecture, version: 1 | 3 = 3) => rrdFromBytes(fixture(architecture, version))

/** layout.c fills the half of a 32-bit unival that a count leaves over; a converter writes zeros there. */
const withoutJunk = (bytes: Uint8Array): Uint8Array => {
  const clean = bytes.slice()
  for (let i = 0; i + 4 <= clean.length; i += 4) {
    const word = Buffer.from(clean.buffer, i, 4).toString('hex')
    if (word === 'deadbeef' || word === 'efbeadde') clean.fill(0, i, i + 4)
  }
  return clean
}

describe.each(FIXTURES)('%s version %i', (from, version) => {
  it.each(ARCHITECTURES)('becomes %s as the C compiler lays it out', (to) => {
    const converted = convertRrd(open(from, version), to)
    expectValidRrd(converted)
    expect(rrdToBytes(converted)).toEqual(withoutJunk(fixture(to, version)))
  })

  it('is rebuilt as it was', () => {
    expect(rrdToBytes(buildRrd(describeRrd(open(from, version))))).toEqual(
      withoutJunk(fixture(from, version)),
    )
  })
})

describe('versions', () => {
  it('change only when asked, and only where the file allows it', () => {
    expect(convertRrd(open('be32a8', 1), 'le64').header.version).toBe(1)
    const third = convertRrd(open('be32a8', 1), 'le64', 3)
    expect(third.header).toMatchObject({ version: 3, lastUpdate: 1700000430, lastUpdateUsec: 0 })
    expect(rrdToBytes(convertRrd(third, 'le64', 1))).toEqual(fixture('le64', 1))
    expect(() => convertRrd(open('le64', 3), 'le64', 1)).toThrow(
      expect.objectContaining({ code: 'EUSAGE', message: expect.stringMatching(/version 1.*needs 3/) }),
    )
  })

  it('need 5 for DCOUNTER', () => {
    const description = describeRrd(open('le64'))
    const [traffic] = description.dataSources
    if (traffic) traffic.type = 'DCOUNTER'
    const rrd = buildRrd(description)
    expect(() => convertRrd(rrd, 'le64', 4)).toThrow(/needs 5/)
    expect(convertRrd(rrd, 'be32a8', 5).header.version).toBe(5)
  })
})

describe('what does not fit 32 bits', () => {
  it('is refused: a count', () => {
    const description = describeRrd(open('le64'))
    description.archives[0]?.preps[0]?.setCount(CDP_SLOT.unknownPdps, 2 ** 32)
    const rrd = buildRrd(description)
    expect(() => convertRrd(rrd, 'be32a8')).toThrow(
      expect.objectContaining({ code: 'ERANGE', message: expect.stringMatching(/4294967296 .*32 bits/) }),
    )
    expect(rrdToBytes(convertRrd(convertRrd(rrd, 'be64'), 'le64'))).toEqual(rrdToBytes(rrd))
  })

  it('is refused: a time after 2038, but not with a 64-bit time_t', () => {
    const rrd = buildRrd({ ...describeRrd(open('le64')), lastUpdate: 2 ** 31 })
    expect(() => convertRrd(rrd, 'le32a4')).toThrow(expect.objectContaining({ code: 'ERANGE' }))
    expect(convertRrd(rrd, 'le32a4t64').header.lastUpdate).toBe(2 ** 31)
  })

  it('an unknown architecture is a usage error that lists them', () => {
    expect(() => convertRrd(open('le64'), 'vax' as Architecture)).toThrow(
      expect.objectContaining({ code: 'EUSAGE', remedy: expect.stringMatching(/le64, be64/) }),
    )
  })
})
