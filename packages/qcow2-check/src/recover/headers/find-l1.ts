import { countedRanges } from '../reading/candidate-ranges.ts'
import { decodeL1 } from '../reading/l1-entries.ts'
import { searchTools } from '../search.ts'
import { l1Shaped } from '../snapshots/orphan-l1s.ts'
import { type ShapedCluster, scanShapes } from '../snapshots/shape-scan.ts'
import type { Trial } from './trial.ts'

/** Tables that are tried, each with a walk. */
const MOST_TRIED = 8
/** L1 tables are looked at as far as this, bytes. */
const LONGEST = 2 ** 20

/** What can be the active L1 table. */
export interface L1Candidate {
  readonly offset: number
  /** Up to the last that is used. */
  readonly entries: number
  /** Entries with the COPIED flag. A snapshot's table has those that the active one had when it was taken. */
  readonly copied: number
  /** An L2 table of it has COPIED flags, which QEMU clears when a snapshot is taken: it is the active disk's. */
  readonly flagged: boolean
}

/**
 * L1 tables in the whole file: clusters that are used once and hold offsets of L2 tables. Those that lead to COPIED flags
 * come first, which tables of snapshots don't.
 */
export async function findL1Tables({ survey }: Trial, signal?: AbortSignal): Promise<L1Candidate[]> {
  const tools = searchTools(survey, signal ? { signal } : {})
  const { rules, reader, scanner, budget } = tools
  const { clusterSize } = rules.geometry
  const end = Math.min(survey.clusters, 2 ** 27)
  const counted = survey.stored(0) > 0
  const ranges = counted ? countedRanges(survey, end) : [{ first: 1, count: Math.max(0, end - 1) }]
  const shapes = await scanShapes(ranges, { reader: scanner, budget, rules, l1Entries: 1 })

  // The refcounts of its L2 tables may be lost too: without them only those of snapshots would lead to tables.
  const uncounted = shapes.flatMap(({ samples = [] }) => samples.map(({ offset }) => offset / clusterSize))
  const free = [...new Set(uncounted)].filter((cluster) => counted && survey.stored(cluster) === 0)
  const places = free.sort((a, b) => a - b).map((first) => ({ first, count: 1 }))
  const others = await scanShapes(places, { reader: scanner, budget, rules, l1Entries: 1 })
  const tables = [...shapes, ...others.map(({ samples: _, ...table }) => table)]
  const flags = flaggedL2s(tables)

  const found: L1Candidate[] = []
  for (const { offset } of l1Shaped(tables, new Map())) {
    if (counted && survey.stored(offset / clusterSize) !== 1) continue
    const bytes = await reader.range(offset, Math.min(LONGEST, Math.max(clusterSize, 8)))
    if (bytes === undefined) break
    const { l2s, copied } = decodeL1(bytes, rules)
    let entries = 0
    for (let index = 0; index < l2s.length && (l2s[index] as number) >= 0; index++)
      if ((l2s[index] as number) > 0) entries = index + 1
    found.push({ offset, entries, copied, flagged: l2s.some((l2) => flags.has(l2)) })
  }
  // A disk that nothing was written to has an empty table: nobody else's cluster of zeros.
  if (found.length === 0)
    for (const { offset, kind } of shapes.slice(0, MOST_TRIED))
      if (
        kind === 'zero' &&
        survey.stored(offset / clusterSize) === 1 &&
        survey.referenced(offset / clusterSize) === 0
      )
        found.push({ offset, entries: 1, copied: 0, flagged: false })
  found.sort((a, b) => Number(b.flagged) - Number(a.flagged) || b.copied - a.copied || b.entries - a.entries)
  return found.slice(0, MOST_TRIED)
}

/** Tables with COPIED flags that lead to no table themselves: an L1 table has such flags too, a snapshot's as well. */
function flaggedL2s(shapes: readonly ShapedCluster[]): ReadonlySet<number> {
  const tables = new Set(shapes.filter(({ kind }) => kind === 'table').map(({ offset }) => offset))
  const l2s = shapes.filter(
    ({ copied, samples = [] }) => copied > 0 && !samples.some(({ offset }) => tables.has(offset)),
  )
  return new Set(l2s.map(({ offset }) => offset))
}
