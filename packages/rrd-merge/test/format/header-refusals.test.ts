import { describe, expect, it } from 'vitest'
import { decodeHeader, RrdError } from '../../src/format/index.ts'
import { fixture } from './fixtures.ts'

const refusal = (bytes: Uint8Array, fileLength = bytes.length): RrdError => {
  try {
    decodeHeader(bytes, fileLength)
  } catch (error) {
    if (error instanceof RrdError) return error
    throw error
  }
  return expect.fail('the file was accepted')
}

/** The 64-bit little-endian file with other bytes at an offset. */
const changed = (offset: number, bytes: readonly number[]): Uint8Array => {
  const file = fixture('le64')
  file.set(bytes, offset)
  return file
}

const u64 = (value: bigint): number[] => [...new Uint8Array(new BigUint64Array([value]).buffer)]

const text = (value: string): Uint8Array => new TextEncoder().encode(value.padEnd(200))

const LIVE = 128 + 2 * 120 + 3 * 120
const RRA0 = 128 + 2 * 120
const POINTERS = LIVE + 16 + 2 * 112 + 6 * 80

describe('refusals name what, where and why', () => {
  it.each<[string, Uint8Array, string, RegExp]>([
    ['an empty file', new Uint8Array(0), 'ETRUNC', /empty \(0 bytes\)/],
    ['XML', text('<?xml version="1.0"?><rrd>'), 'ENOTRRD', /at 0x0 \(0\).*looks like XML/],
    ['gzip', new Uint8Array([0x1f, 0x8b, ...new Array(200).fill(0)]), 'ENOTRRD', /gzip/],
    ['zeros', new Uint8Array(4096), 'ENOTRRD', /zeros/],
    ['other text', text('hello'), 'ENOTRRD', /does not start with "RRD"/],
    ["rrd4j's own format", text('RRD4J, version 0.2'), 'ENOTRRD', /does not start with "RRD"/],
    ['version 6', changed(4, [0x30, 0x30, 0x30, 0x36]), 'EVERSION', /"0006" at 0x4 \(4\)/],
    ['version 0', changed(4, [0x30, 0x30, 0x30, 0x30]), 'EVERSION', /"0000"/],
    ['a version of odd bytes', changed(4, [1, 2, 0xff, 0x1b]), 'EVERSION', /"\?\?\?\?"/],
    ['no float cookie', changed(16, u64(1n)), 'ECORRUPT', /float cookie at 0xc \(12\)/],
    [
      'mixed-endian doubles',
      changed(12, [0x43, 0x2b, 0x1f, 0x5b, 0x2f, 0x25, 0xc0, 0xc7, 0, 0, 0, 0]),
      'EFOREIGN',
      /mixed-endian doubles at 0xc \(12\)/,
    ],
    [
      'single precision of RRD::Editor',
      changed(12, [...new Uint8Array(Float32Array.of(8.6421343830016e13).buffer), 0, 0, 0, 0]),
      'EFOREIGN',
      /single-precision values at 0xc \(12\)/,
    ],
    ['no data source', changed(24, u64(0n)), 'ECORRUPT', /at 0x18 \(24\): 0 data sources/],
    ['no archive', changed(32, u64(0n)), 'ECORRUPT', /at 0x20 \(32\): 0 archives/],
    ['2^31 data sources', changed(24, u64(2n ** 31n)), 'ECORRUPT', /ask for \d{13} bytes/],
    ['2^53 archives', changed(32, u64(2n ** 53n)), 'ECORRUPT', /archives/],
    ['a few archives more', changed(32, u64(30n)), 'ETRUNC', /at least 9728 bytes, the file has 1616/],
    ['a step of 0', changed(40, u64(0n)), 'ECORRUPT', /at 0x28 \(40\): a step of 0/],
    ['a step beyond all times', changed(40, u64(2n ** 60n)), 'ECORRUPT', /a step of/],
    ['no rows', changed(RRA0 + 24, u64(0n)), 'ECORRUPT', /archive 0 has no rows/],
    ['2^40 rows', changed(RRA0 + 24, u64(2n ** 40n)), 'ECORRUPT', /archive 0/],
    ['more rows than the file', changed(RRA0 + 24, u64(1000n)), 'ETRUNC', /asks for 17552 bytes/],
    ['0 points a row', changed(RRA0 + 32, u64(0n)), 'ECORRUPT', /0 primary data points/],
    ['a span beyond all times', changed(RRA0 + 32, u64(2n ** 50n)), 'ECORRUPT', /longer than times/],
    ['cur_row beyond the rows', changed(POINTERS, u64(4n)), 'ECORRUPT', /last row at 4, beyond its 4 rows/],
    ['a negative last update', changed(LIVE, u64(2n ** 64n - 1n)), 'ECORRUPT', /last update -1 seconds/],
    ['a last update beyond all times', changed(LIVE, u64(2n ** 62n)), 'ECORRUPT', /last update/],
  ])('%s', (_, bytes, code, message) => {
    const error = refusal(bytes)
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
    expect(error.message).not.toMatch(/\n/)
  })

  it('takes the cookie of a file cut inside it for one that was cut', () => {
    expect(refusal(fixture('le64').slice(0, 3)).code).toBe('ETRUNC')
    expect(refusal(text('RRX').slice(0, 3)).code).toBe('ENOTRRD')
  })

  it('asks for the prefix it needs', () => {
    expect(refusal(fixture('le64').slice(0, 100), 1616)).toMatchObject({ code: 'EUSAGE' })
    expect(refusal(fixture('le64').slice(0, 200), 1616).message).toMatch(/first 1472 bytes/)
  })
})
