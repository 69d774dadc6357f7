/** What follows from the header's sizes; all of them within the format's limits. */
export interface Geometry {
  /** 9 to 21. */
  readonly clusterBits: number
  /** Bytes. */
  readonly clusterSize: number
  /** 8, or 16 with extended L2 entries. */
  readonly l2EntrySize: 8 | 16
  /** Entries of an L2 table, which fills one cluster. */
  readonly l2Entries: number
  /** Bytes of guest disk that one L2 table maps, its window. */
  readonly l2Coverage: number
  /** 32 with extended L2 entries, else 1. */
  readonly subclusters: 1 | 32
  /** 0 to 6. */
  readonly refcountOrder: number
  /** Width of a refcount, bits. */
  readonly refcountBits: number
  /** Refcounts in one refcount block, which fills one cluster. */
  readonly refcountBlockEntries: number
}

export function geometryOf(clusterBits: number, refcountOrder: number, extendedL2: boolean): Geometry {
  const clusterSize = 2 ** clusterBits
  const l2EntrySize = extendedL2 ? 16 : 8
  const l2Entries = clusterSize / l2EntrySize
  const refcountBits = 2 ** refcountOrder
  return {
    clusterBits,
    clusterSize,
    l2EntrySize,
    l2Entries,
    l2Coverage: l2Entries * clusterSize,
    subclusters: extendedL2 ? 32 : 1,
    refcountOrder,
    refcountBits,
    refcountBlockEntries: (clusterSize * 8) / refcountBits,
  }
}
