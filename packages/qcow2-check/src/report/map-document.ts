import type { JsonDocument } from '@nightshift/tooling/command-line'
import type { ClusterMap } from '../picture/index.ts'

/** What FILE.json and `map --json` say of the whole file. */
export function mapSummary({
  clusterSize,
  clusters,
  clustersPerCell,
  totals,
  verdict,
}: ClusterMap): JsonDocument {
  return { verdict, clusterSize, clusters, clustersPerCell, totals }
}

/** FILE.json: the summary, and each cell with its clusters by category. */
export function mapDocument(map: ClusterMap): JsonDocument {
  const cells = map.cells.map(({ first, clusters, counts, codes }) => ({
    offset: first * map.clusterSize,
    clusters,
    counts,
    codes,
  }))
  return { schema: 'qcow2-check/cluster-map@1', ...mapSummary(map), cells }
}
