import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type BitmapEntry,
  bitmapEntryLengths,
  decodeBitmapEntry,
  decodeBitmapsExtension,
  encodeBitmapEntry,
  encodeBitmapsExtension,
} from '../../src/format/index.ts'

const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const u64 = fc.bigInt(0n, 2n ** 64n - 1n)
const entries: fc.Arbitrary<BitmapEntry> = fc.record({
  tableOffset: u64,
  tableSize: u32,
  flags: u32,
  type: fc.nat(255),
  granularityBits: fc.nat(255),
  extraData: fc.uint8Array({ maxLength: 40 }),
  name: fc.uint8Array({ maxLength: 1023 }),
})

test('what is encoded decodes to itself', () => {
  fc.assert(
    fc.property(entries, (entry) => {
      const bytes = encodeBitmapEntry(entry)
      expect(bytes.length % 8).toBe(0)
      expect(bitmapEntryLengths(bytes).total).toBe(bytes.length)
      expect(decodeBitmapEntry(bytes)).toEqual(entry)
    }),
  )
  fc.assert(
    fc.property(u32, u32, u64, u64, (count, reserved, directorySize, directoryOffset) => {
      const extension = { count, reserved, directorySize, directoryOffset }
      expect(decodeBitmapsExtension(encodeBitmapsExtension(extension))).toEqual(extension)
    }),
  )
})

test('whatever the lengths claim, decoding takes what is there', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 24, maxLength: 100 }), (bytes) => {
      const { extraData, name } = decodeBitmapEntry(bytes)
      expect(extraData.length + name.length).toBeLessThanOrEqual(bytes.length - 24)
    }),
  )
})

/** As `qemu-img bitmap --add -g 64k img b0` wrote it. */
test('the fields lie where qemu-img put them', () => {
  const bytes = Buffer.from('0000000000040000000000010000000201100002000000006230000000000000', 'hex')
  const entry = decodeBitmapEntry(bytes)
  expect(entry).toMatchObject({ tableOffset: 0x40000n, tableSize: 1, flags: 2, type: 1, granularityBits: 16 })
  expect(Buffer.from(entry.name).toString()).toBe('b0')
  expect(Buffer.from(encodeBitmapEntry(entry))).toEqual(bytes)
})
