import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeSnapshotEntry,
  decodeSnapshotExtra,
  encodeSnapshotEntry,
  encodeSnapshotExtra,
  type SnapshotEntry,
  snapshotEntryLengths,
} from '../../src/format/index.ts'

const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const u64 = fc.bigInt(0n, 2n ** 64n - 1n)
const entries: fc.Arbitrary<SnapshotEntry> = fc.record({
  l1TableOffset: u64,
  l1Size: u32,
  dateSeconds: u32,
  dateNanoseconds: u32,
  vmClock: u64,
  vmStateSize32: u32,
  extraData: fc.uint8Array({ maxLength: 64 }),
  id: fc.uint8Array({ maxLength: 20 }),
  name: fc.uint8Array({ maxLength: 300 }),
})

test('what is encoded decodes to itself', () => {
  fc.assert(
    fc.property(entries, (entry) => {
      const bytes = encodeSnapshotEntry(entry)
      const lengths = snapshotEntryLengths(bytes)
      expect(lengths).toEqual({
        id: entry.id.length,
        name: entry.name.length,
        extraData: entry.extraData.length,
        used: 40 + entry.extraData.length + entry.id.length + entry.name.length,
        total: bytes.length,
      })
      expect(bytes.length % 8).toBe(0)
      expect(decodeSnapshotEntry(bytes)).toEqual(entry)
    }),
  )
})

test('whatever the lengths claim, decoding takes what is there', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 40, maxLength: 200 }), (bytes) => {
      const { extraData, id, name } = decodeSnapshotEntry(bytes)
      expect(extraData.length + id.length + name.length).toBeLessThanOrEqual(bytes.length - 40)
    }),
  )
})

/** As `qemu-img snapshot -c` wrote it. */
const HEX = [
  '0000000000150000 00000001 0001 0002 6b01c975 19802ed8 0000000000000000 00000000 00000018',
  '0000000000000000 0000000004000000 0000000000000000 31 7331 0000000000',
].join('')

test('the fields lie where qemu-img put them', () => {
  const bytes = Buffer.from(HEX.replaceAll(' ', ''), 'hex')
  const entry = decodeSnapshotEntry(bytes)
  expect(entry).toMatchObject({
    l1TableOffset: 0x150000n,
    l1Size: 1,
    dateSeconds: 0x6b01c975,
    dateNanoseconds: 0x19802ed8,
  })
  expect([Buffer.from(entry.id).toString(), Buffer.from(entry.name).toString()]).toEqual(['1', 's1'])
  expect(decodeSnapshotExtra(entry.extraData)).toEqual({
    vmStateSize: 0n,
    diskSize: 64n * 1024n * 1024n,
    icount: 0n,
  })
  expect(Buffer.from(encodeSnapshotEntry(entry))).toEqual(bytes)
})

describe('extra data', () => {
  test('fields that are not there are absent', () => {
    const fields = { vmStateSize: 1n, diskSize: 2n, icount: 3n }
    const bytes = encodeSnapshotExtra(fields)
    expect(decodeSnapshotExtra(bytes)).toEqual(fields)
    expect(decodeSnapshotExtra(bytes.subarray(0, 23))).toEqual({ vmStateSize: 1n, diskSize: 2n })
    expect(decodeSnapshotExtra(bytes.subarray(0, 15))).toEqual({ vmStateSize: 1n })
    expect(decodeSnapshotExtra(bytes.subarray(0, 7))).toEqual({})
  })

  test('without icount they are the 16 bytes that version 3 wants', () => {
    expect(encodeSnapshotExtra({ vmStateSize: 5n, diskSize: 6n })).toHaveLength(16)
  })
})
