import type { Cells } from '../counters/cell.ts'

/** What the walk over L2 entries needs to know of an image. */
export interface EntryRules {
  readonly clusterBits: number
  /** Clusters of the file. */
  readonly clusters: number
  readonly extendedL2: boolean
  /** Bit 0 means: reads as zeros. */
  readonly zeroFlag: boolean
  readonly externalData: boolean
  readonly refcountOrder: number
}

/** How the references of the table at hand count. */
export interface TableUse {
  /** L1 entries that point to it. */
  weight: number
  /** The active disk sees it: its statistics and COPIED flags matter. */
  active: boolean
  /** Tables of the same window that were walked before: an entry that one of them has too is no further use. */
  rows: number
  /** From one of those to the next, bytes; the latest lies this much below the table at hand. */
  stride: number
}

/** The loops that see every L2 entry and every refcount. */
export interface Kernel {
  /** Tables are read to here. */
  readonly io: Uint8Array
  readonly cells: Cells
  readonly use: TableUse
  /** Cluster that would follow the last one of the table at hand without a gap; 0 at its start. */
  following: number
  /** Statistics of the active disk, clusters. */
  allocated: number
  fragmented: number
  compressed: number
  /** Entries that were not zero, those that `walk` stopped at included. */
  used: number
  /**
   * Counts the references of entries, up to one that breaks a rule or is not for fast loops.
   *
   * @param at of the first, in `io`, bytes
   * @returns entries that were counted
   */
  walk(at: number, entries: number): number
  /** Does an earlier table of the window have the same cluster at this place? */
  seenInRows(at: number): boolean
  /**
   * Compares refcounts with counters, up to a cluster where they differ, or that is cross-linked, or has a wrong COPIED
   * flag somewhere.
   *
   * @param at where the refcounts are in `io`, bytes
   * @param cluster the first to be compared, whose refcount is the one at `index`
   * @returns clusters that agree
   */
  compare(at: number, cluster: number, count: number, index: number): number
}
