import type { Remedy } from '../findings/index.ts'
import type { Comparison } from './compare.ts'
import type { Explained } from './explained.ts'
import type { ClusterRange, RefcountRun } from './survey.ts'
import type { WalkContext } from './walk-context.ts'

const RAISE: Remedy = { class: 'fix-refcount', safe: true, lossy: false }
const LOWER: Remedy = { class: 'fix-refcount', safe: true, lossy: false }
const FREE: Remedy = { class: 'free-leaks', safe: false, lossy: true }
const KEEP: Remedy = { class: 'none', safe: false, lossy: false }

/** Leaks in a row that are told; millions of single ones are no less a fault of the refcounts. */
const MOST_RANGES = 2 ** 20

/** Differences, split where the number of references changes. */
export function* differingRuns({ store }: WalkContext, { differences }: Comparison): Generator<RefcountRun> {
  const { cells } = store
  for (const { first, count, stored } of differences) {
    const end = first + count
    for (let start = first; start < end; ) {
      const used = cells.nextUsed(start, end)
      if (used > start) {
        yield { first: start, count: used - start, stored, referenced: 0 }
        start = used
        continue
      }
      const referenced = cells.count(start)
      let next = start + 1
      while (next < end && cells.count(next) === referenced) next++
      yield { first: start, count: next - start, stored, referenced }
      start = next
    }
  }
}

/** Findings of refcounts that differ, one for each run. */
export function reportDifferences(context: WalkContext, comparison: Comparison, explained: Explained): void {
  const report = (code: 'leak' | 'refcount-high' | 'refcount-low', run: RefcountRun, repair: Remedy) => {
    const { clusterSize } = context.image.geometry
    const { first, count, stored, referenced } = run
    const fields = { clusters: count, stored, referenced }
    context.findings.add(code, first * clusterSize, count * clusterSize, fields, { repair })
  }
  for (const run of differingRuns(context, comparison)) {
    if (context.findings.full) {
      context.findings.omitted++
      return
    }
    const { stored, referenced } = run
    if (stored < referenced) report('refcount-low', run, RAISE)
    else if (referenced > 0) report('refcount-high', run, LOWER)
    else for (const part of splitBy(run, explained)) report('leak', part, part.kept ? KEEP : FREE)
  }
}

/** Leaks that are somebody's data, and others. */
function* splitBy(
  run: RefcountRun,
  explained: Explained,
): Generator<RefcountRun & { readonly kept: boolean }> {
  if (explained.all || explained.clusters.size === 0) {
    yield { ...run, kept: explained.all }
    return
  }
  const end = run.first + run.count
  for (let start = run.first; start < end; ) {
    const kept = explained.has(start)
    let next = start + 1
    while (next < end && explained.has(next) === kept) next++
    yield { ...run, first: start, count: next - start, kept }
    start = next
  }
}

/** Clusters with a refcount that nothing references, neighbours joined. */
export function leakedRanges(context: WalkContext, comparison: Comparison): ClusterRange[] {
  const ranges: { first: number; count: number }[] = []
  for (const { first, count, referenced } of differingRuns(context, comparison)) {
    if (referenced > 0) continue
    if (ranges.length === MOST_RANGES) break
    const last = ranges.at(-1)
    if (last && last.first + last.count === first) last.count += count
    else ranges.push({ first, count })
  }
  return ranges
}
