import type { Survey } from '../check/survey.ts'
import { Budget, SEARCH_LIMITS, type SearchLimits } from './reading/budget.ts'
import { unreferencedRanges } from './reading/candidate-ranges.ts'
import { ClusterReader } from './reading/cluster-reader.ts'
import { decodeL1, type L1Entries } from './reading/l1-entries.ts'
import { References } from './reading/references.ts'
import { rulesOf, type TableRules } from './reading/table-rules.ts'

export interface EvidenceOptions {
  readonly signal?: AbortSignal
  /** What the search may cost; by default enough for an image of 16 TiB. */
  readonly limits?: Partial<SearchLimits>
}

/** What the parts of one search share. */
export interface Search {
  readonly survey: Survey
  readonly rules: TableRules
  readonly budget: Budget
  readonly reader: ClusterReader
  /** For looking at clusters that may hold anything: half of the bytes, so that tables can still be read afterwards. */
  readonly scanner: ClusterReader
  readonly references: References
  readonly active: { readonly offset: number; readonly entries: number; readonly read: L1Entries }
  /** Refcounts say something: most of what is referenced has one. */
  readonly refcounts: boolean
  /** A bound was met: there may be more than was found. */
  truncated(): boolean
}

/** Clusters whose refcounts are looked at to see if refcounts say anything. */
const SAMPLES = 65536

export async function startSearch(survey: Survey, options: EvidenceOptions): Promise<Search> {
  const { image } = survey
  const rules = rulesOf(image)
  const limits = { ...SEARCH_LIMITS, ...options.limits }
  const budget = new Budget({ ...limits, bytes: limits.bytes / 2 })
  const scanBudget = new Budget({ ...limits, bytes: limits.bytes / 2 })
  const { clusterSize } = rules.geometry
  const reader = new ClusterReader(image.source, clusterSize, budget, options)
  const scanner = new ClusterReader(image.source, clusterSize, scanBudget, options)
  const { offset, entries } = image.activeL1
  const bytes = offset === 0 ? undefined : await reader.range(offset, entries * 8)
  const active = { offset, entries, read: decodeL1(bytes ?? new Uint8Array(0), rules) }
  const references = new References(survey, reader, rules)
  return {
    survey,
    rules,
    budget,
    reader,
    scanner,
    references,
    active,
    refcounts: refcountsSpeak(survey),
    truncated: () => budget.exhausted || scanBudget.exhausted,
  }
}

function refcountsSpeak(survey: Survey): boolean {
  const step = Math.max(1, Math.floor(survey.clusters / SAMPLES))
  let [referenced, counted] = [0, 0]
  for (let cluster = 0; cluster < survey.clusters; cluster += step) {
    if (survey.referenced(cluster) === 0) continue
    referenced++
    if (survey.stored(cluster) > 0) counted++
  }
  return counted * 2 > referenced
}

/** Clusters that nobody references and to which no refcount says otherwise, or all of them where refcounts are gone. */
export function suspectRanges({ survey, refcounts }: Search) {
  return refcounts ? survey.leaked : unreferencedRanges(survey)
}
