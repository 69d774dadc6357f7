import type { Survey } from '../check/survey.ts'
import { Budget, SEARCH_LIMITS, type SearchLimits } from './reading/budget.ts'
import { unreferencedRanges } from './reading/candidate-ranges.ts'
import { ClusterReader } from './reading/cluster-reader.ts'
import { decodeL1, type L1Entries } from './reading/l1-entries.ts'
import { References } from './reading/references.ts'
import { rulesOf, type TableRules } from './reading/table-rules.ts'

/** What a search for lost structures may cost. */
export interface EvidenceOptions {
  readonly signal?: AbortSignal
  /** What the search may cost; by default enough for an image of 16 TiB. */
  readonly limits?: Partial<SearchLimits>
}

/** What the parts of one search share. */
export interface Search extends SearchTools {
  readonly survey: Survey
  readonly references: References
  readonly active: { readonly offset: number; readonly entries: number; readonly read: L1Entries }
  /** Refcounts say something: most of what is referenced has one. */
  readonly refcounts: boolean
}

/** Clusters whose refcounts are looked at to see if refcounts say anything. */
const SAMPLES = 65536

/** What a search reads with; the survey may still change, the bounds are for all of it. */
export interface SearchTools {
  readonly rules: TableRules
  readonly budget: Budget
  readonly reader: ClusterReader
  /** For looking at clusters that may hold anything: half of the bytes, so that tables can still be read afterwards. */
  readonly scanner: ClusterReader
  /** A bound was met: there may be more than was found. */
  truncated(): boolean
}

export function searchTools({ image }: Survey, options: EvidenceOptions): SearchTools {
  const rules = rulesOf(image)
  const limits = { ...SEARCH_LIMITS, ...options.limits }
  const budget = new Budget({ ...limits, bytes: limits.bytes / 2 })
  const scanBudget = new Budget({ ...limits, bytes: limits.bytes / 2 })
  const { clusterSize } = rules.geometry
  return {
    rules,
    budget,
    reader: new ClusterReader(image.source, clusterSize, budget, options),
    scanner: new ClusterReader(image.source, clusterSize, scanBudget, options),
    truncated: () => budget.exhausted || scanBudget.exhausted,
  }
}

export async function startSearch(survey: Survey, tools: SearchTools): Promise<Search> {
  const { reader, rules } = tools
  const { offset, entries } = survey.image.activeL1
  const bytes = offset === 0 ? undefined : await reader.range(offset, entries * 8)
  const active = { offset, entries, read: decodeL1(bytes ?? new Uint8Array(0), rules) }
  const references = new References(survey, reader, rules)
  return { ...tools, survey, references, active, refcounts: refcountsSpeak(survey) }
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
