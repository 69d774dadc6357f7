import type { Survey } from '../check/survey.ts'
import { LIMITS } from '../format/index.ts'

/** More references than this that nobody has are rubbish, not lost tables: one is kept. */
const MOST_LOST = 16
/** Entries of all tables: 32 MiB of tables, for 256 GiB of leaks in clusters of 64 KiB. */
const MOST_ENTRIES = 2 ** 22

/** Clusters with a higher refcount than references, once for each reference that is missing. */
export interface ToPin {
  /** Cluster numbers, ascending, with repetitions. */
  readonly entries: Float64Array
  readonly clusters: number
  /** Clusters whose refcount is too high even so. */
  readonly excessive: readonly number[]
}

/**
 * What is to be pinned. A reference of the pin stands in for each that is missing, so that refcounts stay what they are:
 * they are what a later search proves its finds by.
 *
 * @returns undefined if there is nothing, or too much
 */
export function clustersToPin(survey: Survey): ToPin | undefined {
  const excessive: number[] = []
  const runs: { first: number; count: number; times: number }[] = []
  let total = 0
  let clusters = 0
  for (const { first, count, stored, referenced } of survey.differing()) {
    if (stored <= referenced || first === 0) continue
    const inFile = Math.min(count, survey.clusters - first)
    if (inFile <= 0) continue
    const lost = stored - referenced
    const times = lost <= MOST_LOST ? lost : 1
    total += inFile * times
    clusters += inFile
    if (total > MOST_ENTRIES) return undefined
    runs.push({ first, count: inFile, times })
    if (times < lost) for (let at = 0; at < inFile; at++) excessive.push(first + at)
  }
  if (total === 0) return undefined
  const entries = new Float64Array(total)
  let at = 0
  for (const { first, count, times } of runs)
    for (let cluster = first; cluster < first + count; cluster++)
      for (let time = 0; time < times; time++) entries[at++] = cluster
  return { entries, clusters, excessive }
}

/** Entries that one bitmap may have: QEMU refuses an image with a longer one. */
export function mostEntriesOfOne(clusterSize: number): number {
  return Math.min(LIMITS.bitmapTableEntries, LIMITS.bitmap / clusterSize)
}
