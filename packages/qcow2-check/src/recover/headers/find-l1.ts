import { rangesWhere } from '../reading/candidate-ranges.ts'
import { decodeL1 } from '../reading/l1-entries.ts'
import { searchTools } from '../search.ts'
import { l1Shaped } from '../snapshots/orphan-l1s.ts'
import { scanShapes } from '../snapshots/shape-scan.ts'
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
}

/**
 * L1 tables in the whole file: clusters that are used once and hold offsets of L2 tables. Those with COPIED flags come
 * first, which tables of snapshots don't have.
 */
export async function findL1Tables({ survey }: Trial, signal?: AbortSignal): Promise<L1Candidate[]> {
  const tools = searchTools(survey, signal ? { signal } : {})
  const { rules, reader, scanner, budget } = tools
  const { clusterSize } = rules.geometry
  const all = { first: 1, count: Math.max(0, Math.min(survey.clusters, 2 ** 27) - 1) }
  const counted = survey.stored(0) > 0
  const ranges = rangesWhere([all], (cluster) => !counted || survey.stored(cluster) > 0)
  const shapes = await scanShapes(ranges, { reader: scanner, budget, rules, l1Entries: 1 })

  const tops = l1Shaped(shapes, new Map())
  const found: { candidate: L1Candidate; copied: number }[] = []
  for (const { offset } of tops) {
    if (counted && survey.stored(offset / clusterSize) !== 1) continue
    const bytes = await reader.range(offset, Math.min(LONGEST, Math.max(clusterSize, 8)))
    if (bytes === undefined) break
    const { l2s, copied } = decodeL1(bytes, rules)
    let entries = 0
    for (let index = 0; index < l2s.length && (l2s[index] as number) >= 0; index++)
      if ((l2s[index] as number) > 0) entries = index + 1
    found.push({ candidate: { offset, entries }, copied })
  }
  // A disk that nothing was written to has an empty table: nobody else's cluster of zeros.
  if (found.length === 0)
    for (const { offset, kind } of shapes.slice(0, MOST_TRIED))
      if (
        kind === 'zero' &&
        survey.stored(offset / clusterSize) === 1 &&
        survey.referenced(offset / clusterSize) === 0
      )
        found.push({ candidate: { offset, entries: 1 }, copied: 0 })
  found.sort((a, b) => b.copied - a.copied || b.candidate.entries - a.candidate.entries)
  return found.slice(0, MOST_TRIED).map(({ candidate }) => candidate)
}
