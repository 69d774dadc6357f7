import { snapshotTableBytes } from '../check/sparse-source.ts'
import { noise } from '../support/noise.ts'
import { claiming, counted, type HostileImage, K, M, scattered } from './image.ts'

const extension = (type: number, data: Uint8Array): Buffer => {
  const bytes = Buffer.alloc(8 + Math.ceil(data.length / 8) * 8)
  bytes.writeUInt32BE(type, 0)
  bytes.writeUInt32BE(data.length, 4)
  bytes.set(data, 8)
  return bytes
}

function bitmapDirectory(
  count: number,
  entry: (index: number) => readonly [table: number, size: number],
): Buffer {
  const bytes = Buffer.alloc(count * 32)
  for (let index = 0; index < count; index++) {
    const at = index * 32
    const [table, size] = entry(index)
    bytes.writeBigUInt64BE(BigInt(table), at)
    bytes.writeUInt32BE(size, at + 8)
    bytes[at + 16] = 1
    bytes[at + 17] = 9
    bytes.writeUInt16BE(6, at + 18)
    bytes.write(String(index).padStart(6, '0'), at + 24)
  }
  return bytes
}

function bitmapsExtension(count: number, size: number, offset: number): Buffer {
  const data = Buffer.alloc(24)
  data.writeUInt32BE(count, 0)
  data.writeBigUInt64BE(BigInt(size), 8)
  data.writeBigUInt64BE(BigInt(offset), 16)
  return extension(0x2385_2875, data)
}

/** Counts of things that are small one by one. */
export const CLAIMS: readonly HostileImage[] = [
  {
    name: '65535 bitmaps whose tables overlap, each of 2^27 entries',
    make: () =>
      claiming(2 ** 36, { clusterBits: 16, size: 1n << 40n, l1Size: 2048, l1: 128 * K, autoclear: 1n })
        .put(104, bitmapsExtension(65_535, 65_535 * 32, M))
        .put(
          M,
          bitmapDirectory(65_535, (index) => [4 * M + (index % 32) * 64 * K, 64 * K]),
        )
        .entries(4 * M, 512 * K, (index) => BigInt(2 ** 34 + index * 64 * K)),
  },
  {
    name: '65535 bitmaps, one table of a million entries for all',
    make: () =>
      claiming(2 ** 36, { clusterBits: 9, size: 1n << 30n, l1Size: 2048, l1: 128 * K, autoclear: 1n })
        .put(104, bitmapsExtension(65_535, 65_535 * 32, M))
        .put(
          M,
          bitmapDirectory(65_535, () => [4 * M, 512 * K]),
        )
        .entries(4 * M, 512 * K, (index) => BigInt(scattered(index, 2 ** 24) * 512)),
  },
  {
    name: '65535 bitmaps out of date, one table of a million entries for all, and leaks',
    make: () =>
      counted(
        claiming(2 ** 36, { clusterBits: 9, size: 1n << 30n, l1Size: 2048, l1: 128 * K })
          .put(104, bitmapsExtension(65_535, 65_535 * 32, M))
          .put(
            M,
            bitmapDirectory(65_535, () => [4 * M, 512 * K]),
          )
          .entries(4 * M, 512 * K, (index) => BigInt(scattered(index, 2 ** 24) * 512)),
        9,
        16 * K,
        64 * K,
      ),
  },
  {
    name: '60000 snapshots of one L1 table of 4 MiB',
    make: () =>
      claiming(16 * M, {
        clusterBits: 9,
        size: 1n << 34n,
        l1Size: 512 * K,
        l1: 6 * M,
        snapshots: 60_000,
        snapshotsOffset: M,
      })
        .put(
          M,
          snapshotTableBytes(60_000, () => [6 * M, 500_000]),
        )
        .entries(6 * M, 512 * K, (index) => BigInt(12 * M + (index % 4096) * 512)),
  },
  {
    name: 'a quarter of a million header extensions',
    make: () =>
      claiming(8 * M, { clusterBits: 21, size: 1n << 30n, l1Size: 1, l1: 6 * M, refcountTable: 4 * M }).put(
        104,
        Buffer.concat(
          Array.from({ length: 250 * K }, (_, index) => extension(0x1000_0000 + index, Buffer.alloc(0))),
        ),
      ),
  },
  {
    name: 'feature names that fill the first 2 MiB',
    make: () =>
      claiming(8 * M, {
        clusterBits: 21,
        size: 1n << 30n,
        l1Size: 1,
        l1: 6 * M,
        refcountTable: 4 * M,
        incompatible: ~7n & ((1n << 64n) - 1n),
      }).put(104, extension(0x6803_f857, noise('names', 48 * 40_000))),
  },
  {
    name: 'snapshots whose ids and names are 64 KiB each, 64 MiB of them',
    make: () => {
      const entry = Buffer.alloc(40)
      entry.writeBigUInt64BE(BigInt(2 * M), 0)
      entry.writeUInt32BE(16, 8)
      entry.writeUInt16BE(0xffff, 12)
      entry.writeUInt16BE(0xffff, 14)
      const image = claiming(2 ** 31, {
        clusterBits: 16,
        size: 1n << 33n,
        l1Size: 16,
        l1: 2 * M,
        snapshots: 500,
        snapshotsOffset: 2 ** 30,
      })
      for (let index = 0; index < 500; index++) image.put(2 ** 30 + index * 131_112, entry)
      return image
    },
  },
  {
    name: '65536 snapshots of one L1 table over a thousand L2 tables, refcounts of 64 bits',
    make: () =>
      claiming(8 * M, {
        clusterBits: 9,
        size: 1n << 25n,
        l1Size: 1024,
        l1: 64 * K,
        snapshots: 65_536,
        snapshotsOffset: 4 * M,
        refcountOrder: 6,
      })
        .put(
          4 * M,
          snapshotTableBytes(60_000, () => [64 * K, 1024]),
        )
        .entries(64 * K, 1024, (index) => BigInt(M + index * 512))
        .entries(M, 64 * K, (index) => BigInt(scattered(index, 16_384) * 512)),
  },
  {
    name: '65536 snapshots, each with an L1 table of its own in a hole',
    make: () =>
      claiming(2 ** 42, {
        clusterBits: 16,
        size: 1n << 48n,
        l1Size: 1,
        l1: 128 * K,
        snapshots: 65_536,
        snapshotsOffset: M,
      }).put(
        M,
        snapshotTableBytes(65_536, (index) => [2 ** 33 + index * 32 * M, 4 * M]),
      ),
  },
  {
    name: 'refcounts of 64 bits that say 2^63 for everything',
    make: () =>
      claiming(2 ** 33, { clusterBits: 16, size: 1n << 40n, l1Size: 2048, l1: 128 * K, refcountOrder: 6 })
        .entries(64 * K, 8 * K, () => BigInt(M))
        .put(M, Buffer.alloc(64 * K, 0x80)),
  },
  {
    name: 'one leak in every other cluster of 2^27',
    make: () => {
      const block = Buffer.alloc(512)
      for (let at = 0; at < 512; at += 4) block.writeUInt16BE(1, at)
      return claiming(2 ** 36, {
        clusterBits: 9,
        size: 1n << 30n,
        l1Size: 1024,
        l1: 5 * M,
        refcountTable: M,
        refcountTableClusters: 8 * K,
      })
        .entries(M, 512 * K, () => BigInt(64 * K))
        .put(64 * K, block)
    },
  },
  {
    name: 'a LUKS header in which everything is at its largest',
    make: () => {
      const data = Buffer.alloc(16)
      data.writeBigUInt64BE(BigInt(M), 0)
      data.writeBigUInt64BE(BigInt(2 * M), 8)
      const header = Buffer.alloc(2 * M, 0xff)
      header.write('LUKS\xba\xbe', 0, 'latin1')
      header.writeUInt16BE(1, 6)
      const image = counted(
        claiming(8 * M, { clusterBits: 16, size: 1n << 33n, l1Size: 16, l1: 4 * M }),
        16,
        128,
        5 * M,
      )
      const crypt = Buffer.alloc(4)
      crypt.writeUInt32BE(2)
      return image.put(32, crypt).put(104, extension(0x0537_be77, data)).put(M, header)
    },
  },
]
