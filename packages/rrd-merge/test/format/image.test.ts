import { describe, expect, it } from 'vitest'
import {
  cellAreaAlignment,
  decodeHeader,
  measureHeader,
  rrdFromBytes,
  rrdToBytes,
  swapCells,
} from '../../src/format/index.ts'
import { bits, FIXTURES, fixture } from './fixtures.ts'
import { expectValidRrd } from './invariants.ts'

/** The cells of layout.c, as bits: two NaNs, one with a payload, and a negative zero among them. */
const CELLS = [
  ['3ff8000000000000', 'c002000000000000', '7ff8000000000000', '7ff8000000abcdef'],
  ['7ff0000000000000', '8000000000000000', '1a56e1fc2f8f359', '4020000000000000'],
  ['4059000000000000', '4069000000000000', '4072c00000000000', '4079000000000000'],
  ['407f400000000000', '4082c00000000000'],
  ['0', '3ff0000000000000', '3ff0000000000000', '0'],
]

describe.each(FIXTURES)('%s version %i', (architecture, version) => {
  const bytes = fixture(architecture, version)

  it('gives every cell bit for bit, NaN payloads too', () => {
    const rrd = rrdFromBytes(bytes.slice())
    expectValidRrd(rrd)
    expect(rrd.cells.flatMap(bits)).toEqual(CELLS.flat())
  })

  it('gives back the bytes of the file, whatever memory it was read into', () => {
    for (let shift = 0; shift < 8; shift++) {
      const memory = new Uint8Array(bytes.length + 8).subarray(shift, shift + bytes.length)
      memory.set(bytes)
      expect(rrdToBytes(rrdFromBytes(memory))).toEqual(bytes)
    }
  })

  it('is opened in place where the cells are aligned', () => {
    const { length } = measureHeader(bytes, bytes.length)
    const pad = cellAreaAlignment(length)
    const memory = new Uint8Array(new ArrayBuffer(pad + bytes.length), pad)
    memory.set(bytes)
    const rrd = rrdFromBytes(memory)
    expect(rrd.bytes).toBe(memory)
    swapCells(memory, rrd.header)
    expect(memory).toEqual(bytes)
  })

  it('keeps trailing bytes', () => {
    const longer = new Uint8Array(bytes.length + 5).fill(7)
    longer.set(bytes)
    expect(rrdToBytes(rrdFromBytes(longer.slice()))).toEqual(longer)
  })
})

it('refuses a header of another file', () => {
  const bytes = fixture('le64')
  const header = decodeHeader(bytes)
  expect(() => rrdFromBytes(bytes.slice(0, -1), header)).toThrow(expect.objectContaining({ code: 'EUSAGE' }))
})
