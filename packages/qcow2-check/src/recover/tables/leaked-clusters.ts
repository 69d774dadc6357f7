import type { ClusterRange } from '../../check/survey.ts'
import { rangesWhere } from '../reading/candidate-ranges.ts'
import type { Search } from '../search.ts'

/** Leaked clusters that nothing found so far has, ascending; as numbers. */
export function leakedClusters(
  { survey, references }: Search,
  except: ReadonlySet<number>,
  most: number,
): number[] {
  const clusters: number[] = []
  for (const { first, count } of survey.leaked)
    for (let cluster = first; cluster < first + count && clusters.length < most; cluster++)
      if (references.residual(cluster) > 0 && !except.has(cluster)) clusters.push(cluster)
  return clusters
}

/** The same as runs, `most` clusters of them: there can be millions, and most of the time nothing of them was found. */
export function leakedRuns(
  { survey, references }: Search,
  except: ReadonlySet<number>,
  most: number,
): ClusterRange[] {
  const runs: ClusterRange[] = []
  let left = most
  const isLeaked = (cluster: number) => references.residual(cluster) > 0 && !except.has(cluster)
  for (const range of survey.leaked) {
    const whole = references.isAsSurveyed(range) && !anyWithin(except, range)
    for (const { first, count } of whole ? [range] : rangesWhere([range], isLeaked)) {
      if (left === 0) return runs
      runs.push({ first, count: Math.min(count, left) })
      left -= Math.min(count, left)
    }
  }
  return runs
}

function anyWithin(clusters: ReadonlySet<number>, { first, count }: ClusterRange): boolean {
  for (const cluster of clusters) if (cluster >= first && cluster < first + count) return true
  return false
}
