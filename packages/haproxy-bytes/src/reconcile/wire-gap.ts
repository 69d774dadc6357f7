import type { ByteFigure } from '../loss/index.ts'
import type { WireTotal } from '../model/index.ts'
import { apportion, type Modelled, restOf, type TlsEstimate } from '../wire/index.ts'
import type { Candidate, Cause } from './cause.ts'
import type { LostLines } from './proxy-gap.ts'

/** What the log says of one frontend and direction, to be held against what a client measured. */
export interface WireEvidence {
  readonly lines: number
  readonly logged: bigint
  readonly modelled: Modelled
  /** Causes of the gap between log and counters; empty where there are no counters. */
  readonly countersCauses: readonly Cause[]
  readonly lostLines: LostLines
  /** Bytes of lost lines where no counters tell them: an interval. */
  readonly told?: ByteFigure | undefined
  readonly tls: TlsEstimate | undefined
}

/** Bytes that a client measured, and what they are made of. */
export interface WireGap {
  readonly logged: bigint
  readonly truth: bigint
  /** `truth` less `logged`. */
  readonly gap: bigint
  /** They add up to the gap. */
  readonly causes: readonly Cause[]
  /**
   * How far the truth is from what model, counters and assumptions make likely; undefined where they make nothing
   * likely.
   */
  readonly distance?: bigint
}

/** Interim responses, and blanks around colons, may be either way. */
const EITHER_WAY = new Set(['usual-syntax', 'no-interim', 'few-interims'])
/** Not a matter of what clients ask. */
const APART = new Set(['above-tls', 'no-compression'])
/** What a lost line's transfer may have had on the wire beside %B. */
const OVERHEAD = { low: -15n, high: 400n }

/** Explains bytes of a client's side by the model's terms and by what the counters show. */
export function wireGap(truth: bigint, evidence: WireEvidence): WireGap {
  const { logged, modelled } = evidence
  const gap = truth - logged
  const terms = modelTerms(modelled)
  const candidates = [...terms, ...beyondModel(evidence, meanOf(terms, evidence.lines))]
  const client = clientRange(modelled.total)
  const all = client === undefined ? candidates : [...candidates, client]
  const isLikely = candidates.every(({ likely }) => likely !== undefined)
  const likely = candidates.reduce((sum, one) => sum + (one.likely ?? 0n), logged)
  const spread = spreadOf(evidence.told)
  const [from, to] = [
    likely + (client?.low ?? 0n) - spread.below,
    likely + (client?.high ?? 0n) + spread.above,
  ]
  const distance = truth < from ? truth - from : truth > to ? truth - to : 0n
  return { logged, truth, gap, causes: apportion(gap, all), ...(isLikely && { distance }) }
}

/** Terms beside the count itself; what they don't show of the whole comes last. */
function modelTerms(modelled: Modelled): Candidate[] {
  const shown = modelled.total.terms.filter(({ code }) => code !== 'logged')
  const rest = restOf(modelled)
  return [...shown, ...(rest ? [{ code: modelled.rest, ...rest }] : [])].map(
    ({ code, low, high, value }): Candidate => ({
      code,
      low,
      ...(high !== undefined && { high }),
      ...(value !== undefined && { likely: value }),
    }),
  )
}

/** How far lost bytes may be from what is likely. */
function spreadOf(told: ByteFigure | undefined): { readonly below: bigint; readonly above: bigint } {
  if (told?.high === undefined) return { below: 0n, above: 0n }
  return { below: BigInt(told.estimate - told.low), above: BigInt(told.high - told.estimate) }
}

/** What a line's transfer had on the wire beside its count, on average. */
function meanOf(terms: readonly Candidate[], lines: number): bigint {
  const sum = terms.reduce((total, { likely = 0n }) => total + likely, 0n)
  return lines === 0 ? 0n : sum / BigInt(lines)
}

function beyondModel(
  { countersCauses, lostLines, told, tls, modelled }: WireEvidence,
  overhead: bigint,
): Candidate[] {
  const candidates: Candidate[] = []
  // 95 % are no limit: none at all, or more, is not excluded.
  if (told)
    candidates.push({
      code: 'lost',
      low: 0n,
      ...(told.high !== undefined && told.kind !== 'unknown' && { likely: BigInt(told.estimate) }),
    })
  for (const { code, low, high, value } of countersCauses) {
    // A reply to monitor-uri has 3 bytes less on the wire, which is far below what its range allows.
    if (code === 'lost' || code === 'monitor' || code === 'in-flight' || code === 'unread')
      candidates.push({ code, low, high, likely: value })
  }
  const most = BigInt(lostLines.high ?? lostLines.low)
  const lost = told
    ? BigInt(told.high ?? told.estimate)
    : countersCauses.find(({ code }) => code === 'lost')?.high
  if (most > 0n && lost !== undefined) {
    // Of a compressed response that was lost %B is what it had before.
    const low = modelled.rest === 'compression' ? -lost : OVERHEAD.low * most
    candidates.push({ code: 'lost-overhead', low, high: OVERHEAD.high * most, likely: overhead * most })
  }
  if (tls) candidates.push({ code: 'tls', low: tls.low, high: tls.high, likely: tls.value })
  return candidates
}

function clientRange({ assumes }: WireTotal): Candidate | undefined {
  let [low, high] = [0n, 0n]
  for (const { code, bytes, requests } of assumes) {
    if (APART.has(code)) continue
    const most = BigInt(bytes) * BigInt(requests)
    high += most
    if (EITHER_WAY.has(code)) low -= most
  }
  return high === 0n ? undefined : { code: 'client-connection', low, high, likely: 0n }
}
