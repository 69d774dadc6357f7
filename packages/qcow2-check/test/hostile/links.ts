import { noise } from '../support/noise.ts'
import { COPIED, claiming, counted, type HostileImage, K, M, scattered } from './image.ts'

/** Tables that name one another, each of them more often than there are clusters. */
export const LINKS: readonly HostileImage[] = [
  {
    name: 'clusters of 512 bytes, everything links to everything',
    make: () =>
      claiming(8 * M, { clusterBits: 9, size: 1n << 33n, l1Size: 256 * K, l1: 2 * M })
        .entries(2 * M, 256 * K, (index) => COPIED | BigInt(4 * M + (index % 8192) * 512))
        .entries(4 * M, 512 * K, (index) => COPIED | BigInt(scattered(index, 16_384) * 512)),
  },
  {
    name: 'clusters of 512 bytes, every cluster is an L1 table, an L2 table and data, with refcounts',
    make: () =>
      counted(
        claiming(8 * M, { clusterBits: 9, size: 1n << 30n, l1Size: 32 * K, l1: M }).entries(
          M,
          896 * K,
          (index) => COPIED | BigInt(M + scattered(index, 14_336) * 512),
        ),
        9,
        16_384,
        64 * K,
      ),
  },
  {
    name: 'an apparent 2^40 bytes with one cluster of data behind every entry',
    make: () =>
      claiming(2 ** 40, { clusterBits: 16, size: 1n << 43n, l1Size: 16 * K, l1: M })
        .entries(M, 16 * K, () => COPIED | BigInt(2 * M))
        .entries(2 * M, 8 * K, () => COPIED | BigInt(3 * M))
        .put(3 * M, noise('one cluster', 64 * K)),
  },
  {
    name: 'the same, and half of all entries lost',
    make: () =>
      claiming(2 ** 40, { clusterBits: 16, size: 1n << 43n, l1Size: 16 * K, l1: M })
        .entries(M, 16 * K, () => COPIED | BigInt(2 * M))
        .entries(2 * M, 8 * K, (index) => COPIED | BigInt(index % 2 ? 3 * M : 2 ** 50))
        .put(3 * M, noise('one cluster', 64 * K)),
  },
  {
    name: 'subclusters by turns data, zero and backing, in every window',
    make: () =>
      claiming(8 * M, { clusterBits: 14, size: 1n << 40n, l1Size: 128 * K, l1: M, incompatible: 16n })
        .entries(M, 128 * K, () => COPIED | BigInt(3 * M))
        .entries(3 * M, 2 * K, (index) =>
          index % 2 ? 0x4444_4444_1111_1111n : COPIED | BigInt(4 * M + (index % 64) * 16 * K),
        )
        .put(4 * M, noise('subclusters', M)),
  },
  {
    name: 'an external data file that nobody gave, of 2^60 bytes',
    make: () =>
      claiming(8 * M, { clusterBits: 16, size: 1n << 55n, l1Size: 4 * M, l1: 2 * M, incompatible: 4n })
        .entries(2 * M, 512 * K, () => COPIED | BigInt(7 * M))
        .entries(7 * M, 8 * K, (index) => COPIED | BigInt(index * 64 * K)),
  },
  {
    name: 'a size of 2^63 and an L1 table to match',
    make: () =>
      claiming(2 ** 40, { clusterBits: 21, size: (1n << 63n) - 512n, l1Size: 4 * M, l1: 2 ** 30 }).put(
        2 ** 30,
        noise('rubbish', 4 * M),
      ),
  },
  {
    name: 'a size of 2^64 - 512 in clusters of 512 bytes',
    make: () =>
      claiming(4 * M, { clusterBits: 9, size: (1n << 64n) - 512n, l1Size: 0xffff_ffff, l1: 512 }).put(
        1024,
        noise('rubbish', 3 * M),
      ),
  },
  {
    name: 'every cluster in 2 GiB of holes is cross-linked eight times',
    make: () =>
      claiming(2 ** 31, { clusterBits: 12, size: 1n << 32n, l1Size: 2 * K, l1: 64 * K })
        .entries(64 * K, 2 * K, (index) => COPIED | BigInt(M + index * 4 * K))
        .entries(M, M, (index) => COPIED | BigInt((index % (128 * K)) * 4 * K)),
  },
]
