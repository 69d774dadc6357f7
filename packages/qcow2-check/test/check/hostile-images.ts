import { headerBytes, SparseSource, snapshotTableBytes } from './sparse-source.ts'

const K = 1024
const M = K * K
const COPIED = 1n << 63n

export interface HostileImage {
  readonly name: string
  readonly make: () => SparseSource
}

const base = { clusterBits: 16, l1: 128 * K, refcountTable: 64 * K, refcountTableClusters: 1 }

/** A few MiB each that claim all they can. */
export const HOSTILE: readonly HostileImage[] = [
  {
    name: 'an L1 table of 32 MiB in a hole of a file of 2^50 bytes',
    make: () => source(2 ** 45, { size: 1n << 50n, l1Size: 4 * M, l1: 2 ** 44 }),
  },
  {
    name: 'all L1 entries point to one L2 table, all of whose entries point to one cluster',
    make: () =>
      source(16 * M, { size: 1n << 48n, l1Size: 512 * K, l1: M })
        .entries(M, 512 * K, () => COPIED | BigInt(8 * M))
        .entries(8 * M, 8 * K, () => COPIED | BigInt(9 * M)),
  },
  {
    name: 'every L1 entry points to another L2 table in a hole',
    make: () =>
      source(2 ** 42, { size: 1n << 48n, l1Size: 512 * K, l1: M }).entries(
        M,
        512 * K,
        (index) => COPIED | BigInt(2 ** 32 + index * 64 * K),
      ),
  },
  {
    name: '65536 snapshots with overlapping L1 tables of 4M entries',
    make: () =>
      source(2 ** 36, {
        size: 1n << 48n,
        l1Size: 1,
        snapshots: 65_536,
        snapshotsOffset: 16 * M,
      })
        .put(
          16 * M,
          snapshotTableBytes(65_536, (index) => [32 * M + index * 64 * K, 4 * M]),
        )
        .entries(32 * M, 512 * K, (index) => BigInt(2 ** 33 + (index % 64) * 64 * K)),
  },
  {
    name: '65536 snapshots with overlapping L1 tables, clusters of 512 bytes, thousands of tables a window',
    make: () =>
      source(16 * M, {
        clusterBits: 9,
        size: 1n << 30n,
        l1Size: 1,
        l1: 1024,
        refcountTable: 512,
        snapshots: 65_536,
        snapshotsOffset: 8 * M,
      })
        .put(
          8 * M,
          snapshotTableBytes(65_536, (index) => [M + (index % 4096) * 512, 64 + (index >> 12)]),
        )
        .entries(M, 256 * K, (index) => BigInt(3 * M + (index % 8192) * 512))
        .entries(3 * M, 512 * K, (index) => BigInt(((index * 7919) % 32_768) * 512)),
  },
  {
    name: '65536 snapshots whose L1 tables are zeros, and refcounts of what they could have lost',
    make: () =>
      source(48 * M, {
        clusterBits: 9,
        size: 32n * 1024n,
        l1Size: 1,
        l1: 4 * K,
        refcountTable: 8 * K,
        refcountTableClusters: 1,
        snapshots: 65_536,
        snapshotsOffset: 64 * K,
      })
        .entries(4 * K, 1, () => COPIED | BigInt(5 * K))
        .entries(5 * K, 64, (index) => COPIED | BigInt(16 * K + index * 512))
        .entries(8 * K, 1, () => BigInt(12 * K))
        .put(12 * K, Buffer.alloc(512, Buffer.from([0, 3])))
        .put(
          64 * K,
          snapshotTableBytes(65_536, (index) => [16 * M + index * 512, 1]),
        ),
  },
  {
    name: 'a refcount table whose entries all name one block, 2^31 clusters',
    make: () =>
      source((2 ** 31 - 1) * 64 * K, {
        size: 1n << 40n,
        l1Size: 1,
        refcountTableClusters: 8,
        refcountTable: M,
      })
        .entries(M, 64 * K, () => BigInt(2 * M))
        .put(2 * M, Buffer.alloc(64 * K, 1)),
  },
  {
    name: 'refcounts of one bit, every other one set',
    make: () =>
      source(2 ** 36, {
        clusterBits: 9,
        size: 1n << 30n,
        l1Size: 1,
        l1: 1024,
        refcountTable: M,
        refcountTableClusters: 128,
        refcountOrder: 0,
      })
        .entries(M, 8 * K, (index) => BigInt(4 * M + index * 512))
        .put(4 * M, Buffer.alloc(4 * M, 0x55)),
  },
  {
    name: 'a million clusters scattered over 2^31',
    make: () =>
      source((2 ** 31 - 1) * 64 * K, { size: 1n << 40n, l1Size: 128, l1: M })
        .entries(M, 128, (index) => COPIED | BigInt(2 * M + index * 64 * K))
        .entries(2 * M, M, (index) => COPIED | BigInt(((index * 2_654_435_761) % 2 ** 31) * 64 * K)),
  },
  {
    name: 'more clusters than QEMU counts',
    make: () => source(2 ** 50, { size: 1n << 40n, l1Size: 128, l1: M }),
  },
  {
    name: 'compressed clusters all over 2^28 clusters',
    make: () =>
      source(2 ** 44, { size: 1n << 40n, l1Size: 64, l1: M })
        .entries(M, 64, (index) => COPIED | BigInt(2 * M + index * 64 * K))
        .entries(2 * M, 512 * K, (index) => (1n << 62n) | BigInt((index * 2_654_435_761) % 2 ** 44)),
  },
  {
    name: 'one cluster referenced by everything, again and again',
    make: () =>
      source(32 * M, { size: 1n << 40n, l1Size: 128, l1: M, refcountOrder: 6 })
        .entries(M, 128, (index) => COPIED | BigInt(2 * M + (index % 64) * 64 * K))
        .entries(2 * M, 512 * K, (index) => (1n << 62n) | (127n << 54n) | BigInt((index % 2) * 64 * K)),
  },
]

function source(
  size: number,
  header: Partial<Parameters<typeof headerBytes>[0]> & { size: bigint; l1Size: number },
) {
  return new SparseSource(size).put(0, headerBytes({ ...base, ...header }))
}
