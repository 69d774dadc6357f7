import { encodeHeader, type Header, writeEntry } from '../../src/format/index.ts'

/** An image made byte by byte, for what qemu-img would never make. */
export interface Craft {
  readonly clusterBits: number
  readonly clusters: number
  readonly size: bigint
  readonly l1Size: number
  readonly header?: Partial<Header>
}

export interface Crafted {
  readonly bytes: Uint8Array
  readonly clusterSize: number
  /** Sets an 8-byte entry of the table in a cluster; offset in bytes, flags in the upper and lower half. */
  set(cluster: number, index: number, offset: number, high?: number, low?: number): void
}

/** Cluster 0 is the header, 1 the refcount table (empty), the L1 table begins in cluster 2. */
export function craft({ clusterBits, clusters, size, l1Size, header = {} }: Craft): Crafted {
  const clusterSize = 2 ** clusterBits
  const bytes = new Uint8Array(clusters * clusterSize)
  const complete: Header = {
    version: 3,
    backingFileOffset: 0n,
    backingFileSize: 0,
    clusterBits,
    size,
    cryptMethod: 0,
    l1Size,
    l1TableOffset: BigInt(2 * clusterSize),
    refcountTableOffset: BigInt(clusterSize),
    refcountTableClusters: 1,
    snapshotCount: 0,
    snapshotsOffset: 0n,
    incompatibleFeatures: 0n,
    compatibleFeatures: 0n,
    autoclearFeatures: 0n,
    refcountOrder: 4,
    headerLength: 104,
    compressionType: 0,
    ...header,
  }
  bytes.set(encodeHeader(complete))
  return {
    bytes,
    clusterSize,
    set(cluster, index, offset, high = 0, low = 0) {
      const at = cluster * clusterSize + index * 8
      const target = bytes.subarray(at, at + 8)
      writeEntry(target, 0, (Math.floor(offset / 2 ** 32) | high) >>> 0, ((offset % 2 ** 32) | low) >>> 0)
    },
  }
}
