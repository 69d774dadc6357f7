import { deflateRawSync } from 'node:zlib'
import { noise } from '../support/noise.ts'
import { claiming, compressedEntry, type HostileImage, K, M } from './image.ts'

/**
 * A zstd frame of so many zero bytes (RFC 8878): a magic number, a header that promises a window and no size, and
 * blocks that say one byte and how often.
 */
export function zstdBomb(bytes: number, windowLog = 20): Buffer {
  const parts = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, (windowLog - 10) << 3])]
  for (let left = bytes; left > 0; left -= 128 * K) {
    const size = Math.min(left, 128 * K)
    const head = Buffer.alloc(4)
    head.writeUInt32LE((size << 3) | 2 | (left <= 128 * K ? 1 : 0))
    parts.push(head.subarray(0, 3), Buffer.of(0x41))
  }
  return Buffer.concat(parts)
}

const deflated = (bytes: number, fill: number) => deflateRawSync(Buffer.alloc(bytes, fill), { level: 9 })

/** Few bytes that inflate to much, again and again. */
export const BOMBS: readonly HostileImage[] = [
  {
    name: 'zlib: 2 MiB from 2 KiB behind every entry of a disk of 2^43 bytes',
    make: () =>
      claiming(16 * M, { clusterBits: 21, size: 1n << 43n, l1Size: 16, l1: 4 * M, refcountTable: 2 * M })
        .entries(4 * M, 16, () => BigInt(6 * M))
        .entries(6 * M, 256 * K, () => compressedEntry(21, 8 * M, 5))
        .put(8 * M, deflated(2 * M, 0x41)),
  },
  {
    name: 'zlib: the same, each at another byte',
    make: () => {
      const image = claiming(16 * M, {
        clusterBits: 21,
        size: 1n << 43n,
        l1Size: 16,
        l1: 4 * M,
        refcountTable: 2 * M,
      })
        .entries(4 * M, 16, () => BigInt(6 * M))
        .entries(6 * M, 256 * K, (index) => compressedEntry(21, 8 * M + (index % 1024) * 4096, 5))
      for (let index = 0; index < 1024; index++) image.put(8 * M + index * 4096, deflated(2 * M, index & 255))
      return image
    },
  },
  {
    name: 'zlib: rubbish, 32 MiB of it behind every entry',
    make: () =>
      claiming(16 * M, { clusterBits: 21, size: 1n << 43n, l1Size: 16, l1: 4 * M, refcountTable: 2 * M })
        .entries(4 * M, 16, () => BigInt(6 * M))
        .entries(6 * M, 256 * K, (index) => compressedEntry(21, 8 * M + (index % 65_536), 8192))
        .put(8 * M, noise('rubbish', 4 * M)),
  },
  {
    name: 'zlib: stored blocks one byte at a time',
    make: () =>
      claiming(8 * M, { clusterBits: 21, size: 1n << 42n, l1Size: 8, l1: 4 * M, refcountTable: 2 * M })
        .entries(4 * M, 8, () => BigInt(6 * M))
        .entries(6 * M, 128 * K, () => compressedEntry(21, 7 * M, 2048))
        .put(7 * M, Buffer.alloc(M - 64, Buffer.from([0x00, 0x01, 0x00, 0xfe, 0xff, 0x41]))),
  },
  {
    name: 'zstd: 2 MiB from 70 bytes behind every entry',
    make: () =>
      claiming(16 * M, {
        clusterBits: 21,
        size: 1n << 43n,
        l1Size: 16,
        l1: 4 * M,
        refcountTable: 2 * M,
        incompatible: 8n,
        compressionType: 1,
      })
        .entries(4 * M, 16, () => BigInt(6 * M))
        .entries(6 * M, 256 * K, (index) => compressedEntry(21, 8 * M + (index % 4096) * 512, 1))
        .put(
          8 * M,
          Buffer.alloc(2 * M, Buffer.concat([zstdBomb(2 * M), Buffer.alloc(512)]).subarray(0, 512)),
        ),
  },
  {
    name: 'zstd: a gigabyte from each 64 KiB, windows of 2^31 bytes',
    make: () =>
      claiming(8 * M, {
        clusterBits: 16,
        size: 1n << 40n,
        l1Size: 2048,
        l1: 256 * K,
        incompatible: 8n,
        compressionType: 1,
      })
        .entries(256 * K, 2048, () => BigInt(512 * K))
        .entries(512 * K, 8 * K, (index) => compressedEntry(16, M + (index % 64) * 64 * K, 128))
        .put(
          M,
          Buffer.alloc(
            4 * M,
            Buffer.concat([zstdBomb(2 ** 30, 31), Buffer.alloc(64 * K)]).subarray(0, 64 * K),
          ),
        ),
  },
  {
    name: 'zlib in clusters of 512 bytes: each inflates to a mebibyte',
    make: () =>
      claiming(8 * M, { clusterBits: 9, size: 1n << 30n, l1Size: 32 * K, l1: M })
        .entries(M, 32 * K, (index) => BigInt(2 * M + (index % 8192) * 512))
        .entries(2 * M, 512 * K, (index) => compressedEntry(9, 6 * M + (index % 1024) * 1024, 2))
        .put(6 * M, Buffer.alloc(M, Buffer.concat([deflated(M, 0), Buffer.alloc(1024)]).subarray(0, 1024))),
  },
]
