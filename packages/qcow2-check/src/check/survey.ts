import type { Finding } from '../findings/index.ts'
import type { Image } from '../image/image.ts'

/** A run of clusters: numbers, not bytes. */
export interface ClusterRange {
  readonly first: number
  readonly count: number
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
      readonly kind: 'crypto-header' | 'bitmap-directory' | 'bitmap-table' | 'bitmap-data'
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
  /** Clusters with stored > 0 that nothing references, ascending, neighbours joined. */
  readonly leaked: readonly ClusterRange[]
  /** Clusters that two owners use who can't share, ascending. */
  readonly crossLinked: readonly number[]
  /** Owners of some clusters; walks the tables once more. */
  ownersOf(clusters: ReadonlySet<number>): Promise<ReadonlyMap<number, readonly Owner[]>>
  readonly counts: CheckCounts
  readonly verdict: Verdict
  /** Those of the image and those of the walk, in the order of the file. */
  readonly findings: readonly Finding[]
}
