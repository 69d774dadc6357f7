import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  COPIED_HIGH,
  entryOffset,
  offsetHalves,
  readEntry,
  reftableOffset,
  writeEntry,
  writeOffsetEntry,
} from '../../src/format/index.ts'

/** Masks as the format's text has them: bits 9 to 55, and bits 9 to 63 in the refcount table. */
describe.each([
  ['L1 or L2', entryOffset, 0x00fffffffffffe00n],
  ['refcount table', reftableOffset, 0xfffffffffffffe00n],
] as const)('offset of an entry of the %s', (_, offsetOf, mask) => {
  test.each([
    ['0000000000000000'],
    ['8000000000050000'],
    ['80000000000501ff'],
    ['ffffffffffffffff'],
    ['00fffffffffffe00'],
    ['7f00000000000001'],
    ['0000000180000000'],
    ['001ffffffffffe00'],
  ])('%s', (hex) => {
    const bytes = Buffer.from(hex, 'hex')
    const { high, low } = readEntry(bytes, 0)
    expect(offsetOf(high, low)).toBe(Number(BigInt(`0x${hex}`) & mask))
  })
})

test('an offset below 2^56 is exact', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 47n - 1n), (sector) => {
      const offset = Number(sector * 512n)
      const { high, low } = offsetHalves(offset)
      expect(BigInt(high) * 2n ** 32n + BigInt(low)).toBe(sector * 512n)
      expect(entryOffset(high, low)).toBe(offset)
      expect(entryOffset(high | 0xff000000, low | 0x1ff)).toBe(offset)
    }),
  )
})

test('entries are written where they are read, neighbours untouched', () => {
  const table = new Uint8Array(32).fill(0x55)
  writeEntry(table, 1, 0xdeadbeef, -1)
  writeOffsetEntry(table, 2, 0x50000, true)
  expect(Buffer.from(table).toString('hex', 0, 24)).toBe('5555555555555555deadbeefffffffff8000000000050000')
  expect(readEntry(table, 1)).toEqual({ high: 0xdeadbeef, low: 0xffffffff })
  expect(readEntry(table.subarray(8), 1)).toEqual({ high: COPIED_HIGH, low: 0x50000 })
  writeOffsetEntry(table, 2, 0x50000, false)
  expect(readEntry(table, 2)).toEqual({ high: 0, low: 0x50000 })
})
