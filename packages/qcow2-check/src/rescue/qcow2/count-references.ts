import type { TableReader } from '../../mapping/walk.ts'
import { clusterRuns } from './cluster-runs.ts'
import { outputCluster, type Place } from './place.ts'
import { ReferenceCounts } from './reference-counts.ts'
import { planSubclusters } from './subcluster-plan.ts'
import { type OutputDisk, walkWindows } from './window-walk.ts'

export interface Counted {
  readonly references: ReferenceCounts
  /** Clusters that are inflated, or may come from the backing file. */
  readonly made: number
}

/** Walks all tables once to see which clusters of the source are needed, and how often. */
export async function countReferences(
  reader: TableReader,
  disks: readonly OutputDisk[],
  place: Place,
  backingSize: number,
  signal?: AbortSignal,
): Promise<Counted> {
  const references = new ReferenceCounts()
  const { clusterSize } = place
  const hasData = !reader.context.externalData || reader.image.dataFile !== undefined
  let made = 0
  for await (const group of walkWindows(reader, disks, backingSize, signal)) {
    const weight = group.disks.length
    for (const run of clusterRuns(group.extents, clusterSize)) {
      if (run.kind === 'mixed') {
        const plan = planSubclusters(run, clusterSize, backingSize)
        if (plan.kind === 'composed') made++
        else if (plan.host !== undefined && hasData) references.add(outputCluster(plan.host, place), weight)
      } else if (run.kind === 'data' && hasData) {
        const first = outputCluster(run.extent.host as number, place)
        for (let at = 0; at < run.clusters; at++) references.add(first + at, weight)
      } else if (run.kind === 'compressed' || (run.kind === 'backing' && run.guest < backingSize))
        made += run.clusters
    }
  }
  return { references, made }
}
