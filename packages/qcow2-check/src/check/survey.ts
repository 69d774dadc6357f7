import type { Finding } from '../findings/index.ts'
import type { Image } from '../image/image.ts'

/** A run of clusters: numbers, not bytes. */
export interface ClusterRange {
  readonly first: number
  readonly count: number
}

/** Neighbours with the same refcount and as many references. */
export interface RefcountRun extends ClusterRange {
  readonly stored: number
  readonly referenced: number
}

/** Numbers as `qemu-img check --output=json` has them, in clusters or as named. */
export interface CheckCounts {
  readonly checkErrors: number
  readonly corruptions: number
  readonly leaks: number
  /** Of the guest's disk. */
  readonly totalClusters: number
  readonly allocatedClusters: number
  readonly fragmentedClusters: number
  readonly compressedClusters: number
  /** Bytes: the end of the last cluster that is in use. */
  readonly imageEndOffset: number
}

/** Who references a cluster. */
export type Owner =
  | { readonly kind: 'header' | 'refcount-table' | 'refcount-block' | 'snapshot-table' }
  | {
      readonly kind: 'crypto-header' | 'bitmap-directory' | 'bitmap-table' | 'bitmap-data' | 'pinned'
      readonly bitmap?: string
    }
  | { readonly kind: 'l1'; readonly snapshot?: string }
  | { readonly kind: 'l2'; readonly l1Index: number; readonly snapshots: readonly (string | undefined)[] }
  | {
      readonly kind: 'data' | 'compressed'
      /** Bytes on the guest's disk. */
      readonly guest: number
      readonly l2Offset: number
      /** Ids of the snapshots that see it; undefined stands for the active disk. */
      readonly snapshots: readonly (string | undefined)[]
    }

/**
 * Clusters of the file in a row that something uses, each once: of guest data the guest offset of the first, and the
 * others follow.
 */
export interface Use {
  readonly first: number
  readonly count: number
  readonly owner: Owner
}

/** How an image is checked. */
export interface SurveyOptions {
  readonly signal?: AbortSignal
  /** Called for each finding at once, in no certain order. */
  readonly onFinding?: (finding: Finding) => void
  /** Bytes of tables that were walked, of those that are known by then. */
  readonly onProgress?: (done: number, total: number) => void
  /** Inflate every compressed cluster. */
  readonly data?: boolean
  /** Findings to keep, 10000 by default; the numbers are exact all the same. */
  readonly maxFindings?: number
}

/** The worst that was found; `incomplete`: not everything could be looked at. */
export type Verdict = 'consistent' | 'leaks' | 'corrupt' | 'incomplete'

/** What one walk learnt about an image. */
export interface Survey {
  readonly image: Image
  /** Clusters of the file, the last one perhaps partial. */
  readonly clusters: number
  /** References that the walk found to a cluster. */
  referenced(cluster: number): number
  /** What its refcount block says; 0 where there is none. */
  stored(cluster: number): number
  /**
   * The first cluster from this one on that is referenced or has a refcount; `clusters` where none is left. A file that
   * claims to be huge has far more that neither is true of.
   */
  nextCounted(from: number): number
  /** The first cluster from this one on that is referenced, whatever its refcount; `clusters` where none is left. */
  nextReferenced(from: number): number
  /** Where stored and referenced differ, ascending; in a file that could be walked to its end. */
  differing(): Iterable<RefcountRun>
  /** Clusters with stored > 0 that nothing references, ascending, neighbours joined; the first 2^20 ranges. */
  readonly leaked: readonly ClusterRange[]
  /** Clusters that two owners use who can't share, ascending. */
  readonly crossLinked: readonly number[]
  /** Owners of some clusters; walks the tables once more. */
  ownersOf(clusters: ReadonlySet<number>): Promise<ReadonlyMap<number, readonly Owner[]>>
  readonly counts: CheckCounts
  readonly verdict: Verdict
  /** Those of the image and those of the walk, in the order of the file. */
  readonly findings: readonly Finding[]
  /** Findings beyond `maxFindings`, which were not kept: at least so many. */
  readonly findingsOmitted: number
  /** Bytes of tables that were read. */
  readonly bytesRead: number
  /**
   * Walks the tables once more and tells every use of every cluster, those that nobody can share and those that
   * snapshots share alike; `data` in the order of the L1 index, structures first. Nothing is kept.
   */
  visit(visitor: (use: Use) => void, options?: { readonly signal?: AbortSignal }): Promise<void>
}
