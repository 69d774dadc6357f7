import { headerBytes, type SparseSource, snapshotTableBytes } from '../check/sparse-source.ts'
import { COPIED, claiming, counted, type HostileImage, K, M, scattered } from './image.ts'

/** All clusters counted, hardly one referenced, and each of them looks like something that was lost. */
const leaked = (
  clusterBits: number,
  fill: (image: SparseSource) => SparseSource,
  fields = {},
): SparseSource => {
  const size = 8 * M
  const l1 = 2 * 2 ** clusterBits
  const bare = claiming(size, { clusterBits, size: 1n << 34n, l1Size: 16, l1, ...fields })
  return counted(fill(bare), clusterBits, size >> clusterBits, 128 * K)
}

const header = (clusterBits: number): Uint8Array =>
  headerBytes({
    clusterBits,
    size: 1n << 30n,
    l1Size: 2,
    l1: 3 * 2 ** clusterBits,
    refcountTable: 2 ** clusterBits,
    refcountTableClusters: 1,
  })

/** Files full of what a search for lost structures takes for one. */
export const DECOYS: readonly HostileImage[] = [
  {
    name: 'every leaked cluster is a plausible L2 table of the others, 512 bytes each',
    make: () =>
      leaked(9, (image) =>
        image.entries(M, 896 * K, (index) => COPIED | BigInt(M + scattered(index, 14_336) * 512)),
      ),
  },
  {
    name: 'every leaked cluster is a plausible L2 table of the others, 4 KiB each',
    make: () =>
      leaked(12, (image) =>
        image.entries(M, 896 * K, (index) => COPIED | BigInt(M + scattered(index, 1792) * 4096)),
      ),
  },
  {
    name: 'every leaked cluster is an L1 table of L2 tables, one entry apart',
    make: () =>
      leaked(12, (image) =>
        image.entries(
          M,
          896 * K,
          (index) => COPIED | BigInt(M + (((index >> 9) + (index % 512)) % 1792) * 4096),
        ),
      ),
  },
  {
    name: 'every leaked cluster is a snapshot table',
    make: () =>
      leaked(
        9,
        (image) =>
          image.put(
            M,
            snapshotTableBytes(112 * K, (index) => [M + (index % 14_000) * 512, 16]),
          ),
        {
          snapshots: 3,
          snapshotsOffset: 5 * 2 ** 40,
        },
      ),
  },
  {
    name: 'snapshot tables and the L1 tables that they name, by turns, and the active L1 lost',
    make: () =>
      leaked(
        9,
        (image) => {
          image.entries(M, 768 * K, (index) => COPIED | BigInt(M + scattered(index, 12_288) * 512))
          for (let at = 7 * M; at < 8 * M - 4 * K; at += 4 * K)
            image.put(
              at,
              snapshotTableBytes(60, (index) => [M + ((at / 512 + index * 97) % 12_000) * 512, 64]),
            )
          return image
        },
        { l1: 7 * 2 ** 40, snapshots: 60, snapshotsOffset: 7 * 2 ** 40 },
      ),
  },
  {
    name: 'no header, and one in every cluster',
    make: () => {
      const image = leaked(9, (bare) =>
        bare.entries(M, 896 * K, (index) => COPIED | BigInt(M + scattered(index, 14_336) * 512)),
      )
      for (let at = M; at < 8 * M; at += 1024) image.put(at, header(9 + ((at / 1024) % 13)))
      return image.put(0, Buffer.alloc(512))
    },
  },
  {
    name: 'no header, and refcount tables and blocks everywhere',
    make: () =>
      claiming(8 * M, { clusterBits: 9, size: 1n << 30n, l1Size: 1, l1: 1024 })
        .entries(512, 512 * K, (index) => BigInt(4 * M + (index % 8192) * 512))
        .put(4 * M, Buffer.alloc(4 * M, Buffer.of(0, 1)))
        .put(0, Buffer.alloc(512)),
  },
  {
    name: 'no header, and L1 tables of every cluster size',
    make: () => {
      const image = leaked(9, (bare) => bare)
      for (let at = M; at < 8 * M; at += 64 * K) {
        const bits = 9 + ((at / (64 * K)) % 13)
        image.entries(
          at,
          8 * K,
          (index) => COPIED | BigInt(M + scattered(index, (7 * M) >> bits) * 2 ** bits),
        )
      }
      return image.put(0, Buffer.alloc(512))
    },
  },
  {
    name: 'a thousand windows lost and a thousand tables that fit each of them',
    make: () =>
      counted(
        claiming(8 * M, { clusterBits: 12, size: 1n << 31n, l1Size: 1024, l1: 16 * K })
          .entries(16 * K, 1024, (index) => COPIED | BigInt(2 ** 40 + index * 4096))
          .entries(M, 512 * K, (index) => COPIED | BigInt(5 * M + (index % 700) * 4096)),
        12,
        2048,
        128 * K,
      ),
  },
  {
    name: 'entries one bit away from every leaked cluster',
    make: () =>
      counted(
        claiming(8 * M, { clusterBits: 9, size: 1n << 31n, l1Size: 8 * K, l1: 64 * K, refcountOrder: 4 })
          .entries(64 * K, 4 * K, (index) => COPIED | BigInt(M + (index % 4096) * 512))
          .entries(M, 256 * K, (index) => COPIED | (1n << 50n) | BigInt(4 * M + (index % 8000) * 512)),
        9,
        16_384,
        128 * K,
      ),
  },
]
