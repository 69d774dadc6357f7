import type { Extent } from '../../mapping/extent.ts'
import { cutExtent } from '../../mapping/walk.ts'

/** Whole clusters of one kind that follow one another, in the file too; one only if it is compressed. */
export interface ClusterRun {
  readonly kind: Extent['kind']
  /** Guest offset of the first, bytes. */
  readonly guest: number
  readonly clusters: number
  /** The extent that begins with it: its host offset is that of the first cluster. */
  readonly extent: Extent
}

/** A cluster whose subclusters are not all of a kind. */
export interface MixedCluster {
  readonly kind: 'mixed'
  readonly guest: number
  readonly parts: readonly Extent[]
}

/**
 * Cuts extents into clusters.
 *
 * @param extents without gaps, from the beginning of a cluster to the end of one
 */
export function* clusterRuns(
  extents: readonly Extent[],
  clusterSize: number,
): Generator<ClusterRun | MixedCluster, void, undefined> {
  let parts: Extent[] = []
  for (const extent of extents) {
    const end = extent.offset + extent.length
    let from = extent.offset
    if (from % clusterSize !== 0) {
      const to = Math.min(end, from - (from % clusterSize) + clusterSize)
      parts.push(cutExtent(extent, { start: from, end: to }) as Extent)
      if (to % clusterSize !== 0) continue
      yield { kind: 'mixed', guest: to - clusterSize, parts }
      parts = []
      from = to
    }
    const whole = end - (end % clusterSize)
    if (whole > from) {
      const run = cutExtent(extent, { start: from, end: whole }) as Extent
      yield { kind: extent.kind, guest: from, clusters: run.length / clusterSize, extent: run }
    }
    if (whole < end) parts = [cutExtent(extent, { start: Math.max(from, whole), end }) as Extent]
  }
}
