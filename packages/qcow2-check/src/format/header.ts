/** Bits of `incompatibleFeatures`: a reader that doesn't know one must not open the image. */
export const INCOMPATIBLE = {
  dirty: 1n,
  corrupt: 2n,
  dataFile: 4n,
  compressionType: 8n,
  extendedL2: 16n,
} as const
export const COMPATIBLE = { lazyRefcounts: 1n } as const
export const AUTOCLEAR = { bitmaps: 1n, rawExternal: 2n } as const

/** The header as it stands in the file (docs/interop/qcow2.txt of QEMU, "Header"); nothing in it has been believed yet. */
export interface Header {
  readonly version: number
  readonly backingFileOffset: bigint
  readonly backingFileSize: number
  readonly clusterBits: number
  /** Virtual size, bytes. */
  readonly size: bigint
  readonly cryptMethod: number
  /** Entries of the active L1 table. */
  readonly l1Size: number
  readonly l1TableOffset: bigint
  readonly refcountTableOffset: bigint
  readonly refcountTableClusters: number
  readonly snapshotCount: number
  readonly snapshotsOffset: bigint
  /** Of version 2: 0. */
  readonly incompatibleFeatures: bigint
  readonly compatibleFeatures: bigint
  readonly autoclearFeatures: bigint
  /** Of version 2: 4. */
  readonly refcountOrder: number
  /** Bytes; of version 2: 72. */
  readonly headerLength: number
  readonly compressionType: number
}
