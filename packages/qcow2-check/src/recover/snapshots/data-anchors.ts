import type { Survey } from '../../check/survey.ts'
import type { ClusterReader } from '../reading/cluster-reader.ts'
import { readL2 } from '../reading/l2-entries.ts'
import type { TableRules } from '../reading/table-rules.ts'

/** Shared clusters that are looked up for one table; they nearly always agree. */
const SAMPLES = 32
/** And for all tables together. */
const MOST_CLUSTERS = 2 ** 16
/** Tables may name the same clusters again and again, each with many owners to ask. */
const MOST_SAMPLES = 2 ** 18

/** An L2 table whose window is wanted. */
export interface DataAnchorRequest<T> {
  readonly of: T
  /** Index in the table that names it. */
  readonly index: number
  readonly l2Offset: number
}

interface AnchorContext {
  readonly survey: Survey
  readonly reader: ClusterReader
  readonly rules: TableRules
}

/**
 * The L1 index that an L2 table has by its data: a cluster that another disk maps too lies at the same guest offset there,
 * as it was never written since.
 *
 * @returns for each request that shares data with a disk the index that most disks speak for, if there is one
 */
export async function windowsByData<T>(
  requests: readonly DataAnchorRequest<T>[],
  { survey, reader, rules }: AnchorContext,
): Promise<ReadonlyMap<DataAnchorRequest<T>, number>> {
  const byOffset = new Map<number, DataAnchorRequest<T>[]>()
  for (const request of requests) {
    const known = byOffset.get(request.l2Offset)
    if (known) known.push(request)
    else byOffset.set(request.l2Offset, [request])
  }
  const shared = new Map<number, { cluster: number; index: number }[]>()
  const wanted = new Set<number>()
  let taken = 0
  await reader.tables([...byOffset.keys()], (offset, bytes) => {
    const samples: { cluster: number; index: number }[] = []
    readL2(bytes, rules, (cluster, index) => {
      if (samples.length >= SAMPLES || wanted.size >= MOST_CLUSTERS || taken >= MOST_SAMPLES) return
      if (survey.referenced(cluster) === 0) return
      taken++
      samples.push({ cluster, index })
      wanted.add(cluster)
    })
    shared.set(offset, samples)
  })
  const result = new Map<DataAnchorRequest<T>, number>()
  if (wanted.size === 0) return result
  const owners = await survey.ownersOf(wanted)
  const { l2Coverage, clusterSize } = rules.geometry
  for (const [offset, samples] of shared) {
    const votes = new Map<number, number>()
    for (const { cluster, index } of samples) {
      // Several compressed clusters of any place share a cluster of the file: they prove nothing.
      // What the table itself maps, at a place that some entry gives it, says nothing of which place is right.
      for (const owner of owners.get(cluster) ?? [])
        if (
          owner.kind === 'data' &&
          owner.l2Offset !== offset &&
          (owner.guest % l2Coverage) / clusterSize === index
        )
          vote(votes, Math.floor(owner.guest / l2Coverage), owner.snapshots.length)
    }
    const [best, second] = [...votes].sort((a, b) => b[1] - a[1])
    if (best && best[1] > (second?.[1] ?? 0))
      for (const request of byOffset.get(offset) ?? []) result.set(request, best[0])
  }
  return result
}

function vote(votes: Map<number, number>, window: number, weight: number): void {
  votes.set(window, (votes.get(window) ?? 0) + weight)
}
