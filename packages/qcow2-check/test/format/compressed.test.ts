import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compressedEntry, compressedExtent } from '../../src/format/index.ts'

/** By the formula of the format's text, on the whole 64 bits. */
function byTheText(entry: bigint, clusterBits: number) {
  const x = 62n - (BigInt(clusterBits) - 8n)
  const host = entry & ((1n << x) - 1n)
  const sectors = ((entry >> x) & ((1n << (62n - x)) - 1n)) + 1n
  return { host, sectors }
}

test('every descriptor, for every cluster size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 9, max: 21 }), fc.bigInt(0n, 2n ** 62n - 1n), (clusterBits, low62) => {
      const entry = low62 | (1n << 62n)
      const { host, sectors } = byTheText(entry, clusterBits)
      const extent = compressedExtent(Number(entry >> 32n), Number(entry & 0xffffffffn), clusterBits)
      expect(extent.host).toBe(Number(host))
      expect(extent.sectors).toBe(Number(sectors))
      expect(extent.length).toBe(Number(sectors) * 512 - Number(host & 511n))
      expect(extent.sectorStart).toBe(Number(host) - Number(host & 511n))
    }),
  )
})

test('what is encoded decodes to itself', () => {
  const place = fc
    .integer({ min: 9, max: 21 })
    .chain((clusterBits) =>
      fc.tuple(
        fc.constant(clusterBits),
        fc.integer({ min: 0, max: Math.min(2 ** 53 - 1, 2 ** (70 - clusterBits) - 1) }),
        fc.integer({ min: 1, max: 2 ** (clusterBits - 8) }),
      ),
    )
  fc.assert(
    fc.property(place, ([clusterBits, host, sectors]) => {
      const { high, low } = compressedEntry(host, sectors, clusterBits)
      expect(high >>> 30).toBe(1)
      expect(compressedExtent(high, low, clusterBits)).toMatchObject({ host, sectors })
    }),
  )
})

/** Entry of `qemu-img convert -c` with 64 KiB clusters: 512-byte sectors from 0x50000 on. */
test.each([
  [0x40000000, 0x00050000, 16, { host: 0x50000, length: 512, sectorStart: 0x50000, sectors: 1 }],
  [0x40400000, 0x00050123, 16, { host: 0x50123, length: 1024 - 0x123, sectorStart: 0x50000, sectors: 2 }],
  [0x60000000, 0x00000200, 9, { host: 0x200, length: 1024, sectorStart: 0x200, sectors: 2 }],
  [0x40020000, 0x00000200, 21, { host: 0x200, length: 1024, sectorStart: 0x200, sectors: 2 }],
])('%s %s with 2^%i bytes', (high, low, clusterBits, expected) => {
  expect(compressedExtent(high, low, clusterBits)).toEqual(expected)
})
