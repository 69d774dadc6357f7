import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeHeader, encodeHeader, type Header, hasMagic } from '../../src/format/index.ts'

const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const u64 = fc.bigInt(0n, 2n ** 64n - 1n)

const common = {
  backingFileOffset: u64,
  backingFileSize: u32,
  clusterBits: u32,
  size: u64,
  cryptMethod: u32,
  l1Size: u32,
  l1TableOffset: u64,
  refcountTableOffset: u64,
  refcountTableClusters: u32,
  snapshotCount: u32,
  snapshotsOffset: u64,
}
const version2: fc.Arbitrary<Header> = fc.record({
  ...common,
  version: fc.constant(2),
  incompatibleFeatures: fc.constant(0n),
  compatibleFeatures: fc.constant(0n),
  autoclearFeatures: fc.constant(0n),
  refcountOrder: fc.constant(4),
  headerLength: fc.constant(72),
  compressionType: fc.constant(0),
})
const version3: fc.Arbitrary<Header> = fc.record({
  ...common,
  version: fc.constant(3),
  incompatibleFeatures: u64,
  compatibleFeatures: u64,
  autoclearFeatures: u64,
  refcountOrder: u32,
  headerLength: fc.constantFrom(112, 120, 4096),
  compressionType: fc.nat(255),
})

test('what is encoded decodes to itself', () => {
  fc.assert(
    fc.property(fc.oneof(version2, version3), (header) => {
      const bytes = encodeHeader(header)
      expect(hasMagic(bytes)).toBe(true)
      expect(bytes.length).toBe(header.headerLength)
      expect(decodeHeader(bytes)).toEqual(header)
    }),
  )
})

test('a header of 104 bytes has no compression type, whatever follows it', () => {
  const bytes = new Uint8Array(112)
  bytes.set(encodeHeader({ ...decodeHeader(new Uint8Array(0)), version: 3, headerLength: 104 }))
  bytes[104] = 1
  expect(decodeHeader(bytes)).toMatchObject({ headerLength: 104, compressionType: 0 })
})

/** `qemu-img create -f qcow2 -o cluster_size=4k,compression_type=zstd`, 20 MiB. */
const HEX = [
  '514649fb 00000003 0000000000000000 00000000 0000000c 0000000001400000 00000000',
  '0000000a 0000000000003000 0000000000001000 00000001 00000000 0000000000000000',
  '0000000000000008 0000000000000000 0000000000000000 00000004 00000070 01 00000000000000',
].join('')

test('the fields lie where qemu-img put them', () => {
  const bytes = Buffer.from(HEX.replaceAll(' ', ''), 'hex')
  const header = decodeHeader(bytes)
  expect(header).toEqual({
    version: 3,
    backingFileOffset: 0n,
    backingFileSize: 0,
    clusterBits: 12,
    size: 20n * 1024n * 1024n,
    cryptMethod: 0,
    l1Size: 10,
    l1TableOffset: 0x3000n,
    refcountTableOffset: 0x1000n,
    refcountTableClusters: 1,
    snapshotCount: 0,
    snapshotsOffset: 0n,
    incompatibleFeatures: 8n,
    compatibleFeatures: 0n,
    autoclearFeatures: 0n,
    refcountOrder: 4,
    headerLength: 112,
    compressionType: 1,
  })
  expect(Buffer.from(encodeHeader(header))).toEqual(bytes)
})

test.each([0, 1, 3, 71, 103])('of %i bytes, what is missing reads as zeros', (length) => {
  const bytes = Buffer.from(HEX.replaceAll(' ', ''), 'hex').subarray(0, length)
  const padded = new Uint8Array(112)
  padded.set(bytes)
  expect(decodeHeader(bytes)).toEqual(decodeHeader(padded))
})
