import type { LossCollector } from './collector.ts'
import type { LossEntry, LossReason } from './ledger-types.ts'
import { exactly, type Range } from './range.ts'
import type { Claim } from './reports.ts'

/** An entry while the ledger is made: others may still tell of its lines. */
export interface OpenEntry extends Omit<LossEntry, 'bytes' | 'seenBy' | 'sample'> {
  readonly seenBy: { evidence: LossEntry['evidence']; lines?: number }[]
  /** Lines that no report has told of yet. */
  untold: number
}

/** A syslog stamp has seconds. */
const SLACK = 2000

/** A claim with what is known of its number. */
export interface SizedClaim extends Claim {
  readonly lines?: Range
  readonly reasons?: readonly LossReason[]
}

/**
 * Holds a claim against gaps of %lc: lines that both tell of are one loss. Gives what the claim tells beyond them.
 * @param gaps entries by %lc
 */
export function settleClaim(
  claim: SizedClaim,
  gaps: readonly OpenEntry[],
  logs: LossCollector,
): OpenEntry | undefined {
  const { place: evidence, pid } = claim
  const from = claim.from ?? Number.NEGATIVE_INFINITY
  const until = claim.until ?? (claim.count === undefined ? Number.POSITIVE_INFINITY : from)
  const senders = logs.pids.size > 0 && pid !== undefined
  let rest = claim.lines?.high ?? claim.count
  for (const gap of gaps) {
    if (rest === 0) break
    const apart = (gap.until ?? 0) + SLACK < from || (gap.from ?? 0) - SLACK > until
    if (apart || gap.untold === 0 || (senders && gap.pid !== undefined && gap.pid !== pid)) continue
    const told = Math.min(rest ?? gap.untold, gap.untold)
    gap.untold -= told
    gap.seenBy.push({ evidence, ...(rest !== undefined && { lines: told }) })
    if (rest !== undefined) rest -= told
  }
  if (rest === 0) return undefined
  const { lines, reasons } = restOf(claim, rest, logs)
  if (lines === undefined) return undefined
  return {
    evidence,
    ...(Number.isFinite(from) && { from }),
    ...(Number.isFinite(until) && { until }),
    ...(pid !== undefined && { pid }),
    ...onlyFrontend(logs),
    lines,
    reasons,
    seenBy: [],
    untold: 0,
  }
}

/** Places where messages of other programs pass too, and nobody says whose were dropped. */
const SHARED = new Set<Claim['place']>(['queue', 'kernel', 'syslog-ng'])

function restOf(
  claim: SizedClaim,
  rest: number | undefined,
  logs: LossCollector,
): { lines?: Range; reasons: readonly LossReason[] } {
  const reasons = [...(claim.reasons ?? [])]
  const counted = isCounted(claim, logs)
  if (rest === undefined) {
    if (counted) return { reasons }
    return { lines: openRange(claim, logs), reasons: [...reasons, 'never-told'] }
  }
  if (counted) return { lines: { low: 0, estimate: 0, high: rest }, reasons: [...reasons, 'not-in-counter'] }
  if (isOther(claim, logs))
    return { lines: { low: 0, estimate: 0, high: rest }, reasons: [...reasons, 'other-sender'] }
  if (SHARED.has(claim.place))
    return { lines: { low: 0, estimate: rest, high: rest }, reasons: [...reasons, 'shared'] }
  const { low, estimate, high = rest } = claim.lines ?? exactly(claim.count ?? rest)
  const told = high - rest
  const less = (value: number): number => Math.max(0, value - told)
  return { lines: { low: less(low), estimate: less(estimate), high: rest }, reasons }
}

/** Every line here has %lc, and the span ends before the last of them: its gaps are all there is. */
function isCounted({ until, pid }: Claim, { frontends, logCounters, pids }: LossCollector): boolean {
  if (until === undefined || frontends.size === 0 || !logCounters.complete) return false
  if ([...frontends.values()].some(({ lines, counted }) => counted < lines)) return false
  const tracks = logCounters
    .all()
    .filter(({ owner }) => pid === undefined || !pids.has(pid) || owner.pid === pid)
    .map(({ track }) => track.newest)
  return tracks.length > 0 && until <= Math.max(...tracks)
}

function isOther({ pid, program }: Claim, { pids }: LossCollector): boolean {
  if (program !== undefined && /haproxy/i.test(program)) return false
  if (program !== undefined && pid !== undefined && !pids.has(pid)) return true
  return pid !== undefined && pids.size > 0 && !pids.has(pid)
}

/** At least the one that began it. */
function openRange({ from, until }: Claim, { neighbours, until: last }: LossCollector): Range {
  if (from === undefined) return { low: 1, estimate: 1 }
  const seconds = Math.max(0, Math.max(until ?? last, last) - from) / 1000
  return { low: 1, estimate: Math.max(1, Math.round(neighbours.rateBefore(from) * seconds)) }
}

/** Where all lines are of one frontend, so are those that were lost. */
export function onlyFrontend({ frontends }: LossCollector): { frontend?: string } {
  const [only, more] = [...frontends.keys()]
  return only === undefined || only === '' || more !== undefined ? {} : { frontend: only }
}
