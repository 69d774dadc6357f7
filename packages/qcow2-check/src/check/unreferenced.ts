import type { ClusterRange, Survey } from './survey.ts'

/** Clusters from `first` to before `end` that nothing references, whatever their refcount is; neighbours joined. */
export function* unreferencedIn(
  { nextReferenced, referenced }: Pick<Survey, 'nextReferenced' | 'referenced'>,
  first: number,
  end: number,
): Generator<ClusterRange> {
  for (let cluster = first; cluster < end; cluster++) {
    // In a row that is referenced asking for the next one takes longer.
    if (referenced(cluster) > 0) continue
    const next = Math.min(end, nextReferenced(cluster))
    yield { first: cluster, count: next - cluster }
    cluster = next
  }
}
