import type { ClusterRange, Survey } from '../../check/survey.ts'
import { unreferencedIn } from '../../check/unreferenced.ts'

/** Clusters beyond this number are not searched one by one: it would take seconds, and no image has so many in use. */
const MOST_CLUSTERS = 2 ** 25

/** A range of the file, bytes. */
export interface ByteRange {
  readonly offset: number
  readonly length: number
}

/** Clusters that satisfy a test, neighbours joined. */
export function* rangesWhere(
  ranges: Iterable<ClusterRange>,
  test: (cluster: number) => boolean,
): Iterable<ClusterRange> {
  for (const { first, count } of ranges) {
    let start = -1
    for (let cluster = first; cluster <= first + count; cluster++) {
      const wanted = cluster < first + count && test(cluster)
      if (wanted && start < 0) start = cluster
      if (!wanted && start >= 0) {
        yield { first: start, count: cluster - start }
        start = -1
      }
    }
  }
}

/** Clusters that nobody references, whatever their refcount is. */
export function unreferencedRanges(survey: Survey): Iterable<ClusterRange> {
  return unreferencedIn(survey, 1, Math.min(survey.clusters, MOST_CLUSTERS))
}

/** Clusters before `end` that have a refcount, but for the header's. */
export function* countedRanges(survey: Survey, end: number): Iterable<ClusterRange> {
  for (let first = survey.nextCounted(1); first < end; first = survey.nextCounted(first)) {
    let after = first
    while (after < end && survey.stored(after) > 0) after++
    if (after > first) yield { first, count: after - first }
    first = after + 1
  }
}

/** What of the file is searched at all: not the header. */
export function searchedRange({ clusters, image }: Survey): ByteRange {
  const { clusterSize } = image.geometry
  return { offset: clusterSize, length: Math.max(0, Math.min(clusters, MOST_CLUSTERS) - 1) * clusterSize }
}

export function* inBytes(ranges: Iterable<ClusterRange>, clusterSize: number): Iterable<ByteRange> {
  for (const { first, count } of ranges) yield { offset: first * clusterSize, length: count * clusterSize }
}
