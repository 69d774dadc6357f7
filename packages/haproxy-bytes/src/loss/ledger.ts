import { lostBytes, NO_BYTES } from './byte-figures.ts'
import { type OpenEntry, type SizedClaim, settleClaim } from './claims-against.ts'
import type { LossCollector } from './collector.ts'
import { boundedByRequests, countersEntries, type FrontendDelta, frontendDeltas } from './counted-requests.ts'
import { episodesOf } from './episodes.ts'
import type { ByteFigure, FrontendLoss, Lacking, Ledger, LossEntry } from './ledger-types.ts'
import { addIntervals, addRanges, isExact, NONE, type Range } from './range.ts'
import { isHaproxys, settleReports } from './reports.ts'

export interface LedgerOptions {
  /** Only what was lost in this span, ms of UTC; `until` is no part of it. */
  readonly since?: number
  readonly until?: number
  /** Frontends of which the configuration logs a part only. */
  readonly sampled?: ReadonlySet<string>
  /** Log targets of one line, 1 if not known: each counts by itself what it drops. */
  readonly targets?: number
  /** `DroppedLogs` between two snapshots, where the collector has no counters. */
  readonly dropped?: bigint
}

/**
 * What was lost, from all that tells of it. The strongest evidence of each line counts: gaps of %lc, then reports of
 * those who dropped it, then counters, then gaps of %rt; weaker evidence of the same lines is noted beside.
 */
export function lossLedger(logs: LossCollector, options: LedgerOptions = {}): Ledger {
  const { entries: found, configured } = gapEntries(logs, options)
  const gaps = withUnread(found, logs)
  let entries: OpenEntry[] = [...gaps]
  for (const claim of claimsOf(logs, options)) {
    const beyond = settleClaim(claim, gaps, logs)
    if (beyond) entries.push(beyond)
  }
  const deltas = frontendDeltas(logs)
  if (deltas) {
    entries = boundedByRequests(entries, deltas)
    entries.push(...countersEntries(deltas, entries, logs))
  } else if ([...logs.frontends.values()].every(({ counted }) => counted === 0))
    entries.push(...streamEntries(logs, options, entries))
  const priced = entries.map((entry) => withBytes(entry, logs)).sort((a, b) => (a.from ?? 0) - (b.from ?? 0))
  return concluded(priced, configured, deltas, logs, options)
}

function gapEntries(
  logs: LossCollector,
  options: LedgerOptions,
): { entries: OpenEntry[]; configured: Range } {
  const entries: OpenEntry[] = []
  const configured: Range[] = []
  for (const generation of logs.logCounters.all()) {
    const { owner } = generation
    for (const { lines, from, until, gaps } of episodesOf(
      generation,
      logs.logCounters.isBegun(generation),
      options,
    )) {
      if (options.sampled?.has(owner.frontend ?? '')) configured.push(lines)
      else
        entries.push({
          evidence: 'lc',
          from,
          until,
          ...owner,
          lines,
          gaps,
          reasons: isExact(lines) ? [] : ['threads'],
          seenBy: [],
          untold: lines.high ?? 0,
        })
    }
  }
  return { entries, configured: addRanges(configured) }
}

/** Lines that arrived and that nobody can read have numbers too. */
function withUnread(gaps: readonly OpenEntry[], logs: LossCollector): OpenEntry[] {
  let { unread } = logs
  return gaps.map((entry) => {
    const { low, estimate, high = estimate } = entry.lines
    const taken = Math.min(unread, high)
    unread -= taken
    if (taken === 0) return entry
    const lines = { low: Math.max(0, low - taken), estimate: Math.max(0, estimate - taken), high }
    return { ...entry, lines, reasons: [...entry.reasons, 'unread'] }
  })
}

function claimsOf({ reports, running, counters }: LossCollector, options: LedgerOptions): SizedClaim[] {
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = options
  const claims: SizedClaim[] = settleReports(reports)
    .filter(isHaproxys)
    .filter(
      (claim) =>
        (claim.until ?? claim.from ?? since) >= since && (claim.from ?? claim.until ?? since) < until,
    )
  for (const { place, low, high } of running.losses()) {
    const told = claims
      .filter((claim) => claim.place === place)
      .reduce((sum, { count = 0 }) => sum + count, 0)
    // Its reports and its statistics tell of the same messages.
    if (high > told)
      claims.push({
        place,
        sources: [],
        lines: { low: Math.max(0, low - told), estimate: Math.max(0, low - told), high: high - told },
        ...(low < high && { reasons: ['since-start'] }),
      })
  }
  const dropped = Number(options.dropped ?? (counters?.comparable ? (counters.droppedLogs ?? 0n) : 0n))
  if (dropped > 0) {
    const several = (options.targets ?? 1) > 1
    claims.push({
      place: 'dropped-logs',
      sources: [],
      lines: { low: several ? 0 : dropped, estimate: dropped, high: dropped },
      ...(several && { reasons: ['several-targets'] }),
    })
  }
  return claims
}

/** %rt, where nothing better is there: streams without a line have numbers too. */
function streamEntries(
  logs: LossCollector,
  options: LedgerOptions,
  known: readonly OpenEntry[],
): OpenEntry[] {
  let told = addRanges(known.map(({ lines }) => lines)).estimate
  return logs.requestCounters.all().flatMap((generation) =>
    episodesOf(generation, false, options).flatMap(({ owner, from, until, gaps, lines }): OpenEntry[] => {
      const rest = Math.max(0, (lines.high ?? 0) - told)
      told -= (lines.high ?? 0) - rest
      const range = { low: 0, estimate: rest, high: rest }
      return rest === 0
        ? []
        : [
            {
              evidence: 'rt',
              from,
              until,
              ...owner,
              lines: range,
              gaps,
              reasons: ['unlogged'],
              seenBy: [],
              untold: 0,
            },
          ]
    }),
  )
}

function withBytes({ untold: _, frontend: name, ...told }: OpenEntry, logs: LossCollector): LossEntry {
  // Lines of a format without a frontend.
  const entry = { ...told, ...(name !== undefined && name !== '' && { frontend: name }) }
  const span = { from: entry.from ?? logs.from, until: entry.until ?? logs.until }
  const stratum = entry.frontend === undefined ? {} : { frontend: entry.frontend }
  return { ...entry, ...lostBytes(logs.neighbours, span, entry.lines, stratum) }
}

function concluded(
  entries: readonly LossEntry[],
  configured: Range,
  deltas: readonly FrontendDelta[] | undefined,
  logs: LossCollector,
  { sampled }: LedgerOptions,
): Ledger {
  const lc = isCountedWhole(logs) && !sampled?.size
  const lacking: Lacking[] = [
    ...(lc ? [] : (['lc'] as const)),
    ...(deltas ? [] : (['snapshots'] as const)),
    ...(logs.reports.length > 0 ? [] : (['reports'] as const)),
  ]
  const whole = {
    entries,
    configured,
    lacking,
    arrived: logs.lines,
    ...(logs.lines > 0 && Number.isFinite(logs.from) && { from: logs.from, until: logs.until }),
  }
  const streams = logs.requestCounters.complete && logs.requestCounters.all().length > 0
  const complete = lc || deltas !== undefined || streams
  if (!complete && entries.length === 0) return { ...whole, kind: 'unknown', complete, frontends: [] }
  const lines = addRanges(entries.map((entry) => entry.lines))
  return {
    ...whole,
    kind: isExact(lines) ? 'exact' : 'bounded',
    lines,
    bytes: totalBytes(entries, deltas, logs),
    complete,
    frontends: byFrontend(entries, deltas, logs),
  }
}

const isCountedWhole = ({ frontends, logCounters }: LossCollector): boolean =>
  frontends.size > 0 &&
  logCounters.complete &&
  [...frontends.values()].every(({ lines, counted }) => counted === lines)

/** Counters tell bytes exactly, whatever lines they belong to. */
function totalBytes(
  entries: readonly LossEntry[],
  deltas: readonly FrontendDelta[] | undefined,
  { unread }: LossCollector,
): ByteFigure {
  const known = deltas?.map(({ bytes }) => bytes)
  if (known?.every((bytes) => bytes !== undefined)) {
    const { low, estimate, high = estimate } = addRanges(known)
    const sum = { low: unread > 0 ? 0 : low, estimate, high }
    return { ...sum, kind: isExact(sum) ? 'exact' : 'bounded' }
  }
  if (entries.length === 0) return NO_BYTES
  const unknown = entries.some(({ bytes }) => bytes.kind === 'unknown')
  return { ...addIntervals(entries.map(({ bytes }) => bytes)), kind: unknown ? 'unknown' : 'estimated' }
}

function byFrontend(
  entries: readonly LossEntry[],
  deltas: readonly FrontendDelta[] | undefined,
  logs: LossCollector,
): FrontendLoss[] {
  const names = new Set([
    ...entries.map(({ frontend }) => frontend),
    ...(deltas ?? []).map(({ frontend }) => frontend || undefined),
  ])
  const losses = [...names].map((frontend): FrontendLoss => {
    const own = entries.filter((entry) => entry.frontend === frontend)
    const delta = deltas?.filter((one) => one.frontend === (frontend ?? ''))
    const lines = own.length === 0 ? NONE : addRanges(own.map((entry) => entry.lines))
    return {
      ...(frontend !== undefined && { frontend }),
      lines,
      bytes: totalBytes(own, delta?.length ? delta : undefined, logs),
    }
  })
  return losses.filter(({ lines, bytes }) => lines.high !== 0 || bytes.high !== 0)
}
