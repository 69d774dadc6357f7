import type { Remedy } from '../findings/index.ts'
import type { Comparison } from './compare.ts'
import type { ClusterRange } from './survey.ts'
import type { WalkContext } from './walk-context.ts'

const RAISE: Remedy = { class: 'fix-refcount', safe: true, lossy: false }
const LOWER: Remedy = { class: 'fix-refcount', safe: true, lossy: false }
const FREE: Remedy = { class: 'free-leaks', safe: false, lossy: true }

interface Run {
  readonly first: number
  readonly stored: number
  readonly referenced: number
  count: number
}

/** Findings of refcounts that differ: neighbours with the same refcount and references are one. */
export function reportDifferences(
  { image, store, findings }: WalkContext,
  { differences }: Comparison,
): void {
  const { clusterSize } = image.geometry
  const report = ({ first, count, stored, referenced }: Run) => {
    const code = referenced === 0 ? 'leak' : stored > referenced ? 'refcount-high' : 'refcount-low'
    const repair = referenced === 0 ? FREE : stored > referenced ? LOWER : RAISE
    findings.add(
      code,
      first * clusterSize,
      count * clusterSize,
      { clusters: count, stored, referenced },
      { repair },
    )
  }
  let run: Run | undefined
  for (const { first, count, stored } of differences) {
    for (let cluster = first; cluster < first + count; cluster++) {
      const referenced = store.cells.count(cluster)
      if (run && run.first + run.count === cluster && run.stored === stored && run.referenced === referenced)
        run.count++
      else {
        if (run) report(run)
        run = { first: cluster, count: 1, stored, referenced }
      }
    }
  }
  if (run) report(run)
}

/** Clusters with a refcount that nothing references, neighbours joined. */
export function leakedRanges({ store }: WalkContext, { differences }: Comparison): ClusterRange[] {
  const ranges: { first: number; count: number }[] = []
  let last: { first: number; count: number } | undefined
  for (const { first, count, stored } of differences) {
    if (stored === 0) continue
    for (let cluster = first; cluster < first + count; cluster++) {
      if (store.cells.count(cluster) > 0) continue
      if (last && last.first + last.count === cluster) last.count++
      else {
        last = { first: cluster, count: 1 }
        ranges.push(last)
      }
    }
  }
  return ranges
}
