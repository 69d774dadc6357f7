import type {
  Cause,
  DirectionGap,
  FrontendWire,
  ReconciledProxy,
  Reconciliation,
  WireGap,
} from '../reconcile/index.ts'
import type { LineCounts } from '../totals/index.ts'
import { INCOMPARABLE_WORDS } from './cause-words.ts'
import { entry, figure, range } from './lost-document.ts'
import type { ToldWarning } from './total-report.ts'

/** `haproxy-bytes/reconcile@1` without its schema name. */
export function reconcileDocument(
  { bracket, incomparable, outside, proxies, totals, wire, told, lost, closed }: Reconciliation,
  lines: Readonly<LineCounts>,
  warnings: readonly ToldWarning[],
) {
  return {
    lines,
    span: bracket
      ? {
          from: instant(bracket.before.time),
          to: instant(bracket.after.time),
          sinceStart: bracket.sinceStart,
        }
      : null,
    outside,
    comparable: incomparable.length === 0,
    incomparable: incomparable.map(({ why, proxy }) => ({
      code: why,
      message: INCOMPARABLE_WORDS[why],
      ...(proxy !== undefined && { proxy }),
    })),
    lost,
    closed,
    proxies: proxies.map(proxyDocument),
    totals: totals ? { out: gapDocument(totals.out), in: totals.in ? gapDocument(totals.in) : null } : null,
    wire: wire.map(wireDocument),
    told: told
      ? { lines: range(told.lines), bytes: figure(told.bytes), entries: told.entries.map(entry) }
      : null,
    warnings,
  }
}

const instant = (time: number | undefined): string | null =>
  time === undefined ? null : new Date(time).toISOString()

function proxyDocument({
  name,
  state,
  lines,
  requests,
  lostLines,
  out,
  in: sent,
  closed,
  lost,
}: ReconciledProxy) {
  return {
    proxy: name.proxy ?? null,
    service: name.service,
    state,
    lines,
    requests: requests ?? null,
    lostLines: { low: lostLines.low, high: lostLines.high ?? null },
    out: gapDocument(out),
    in: sent ? gapDocument(sent) : null,
    lost,
    closed,
  }
}

const gapDocument = ({ logged, counted, gap, causes }: DirectionGap) => ({
  logged,
  counted,
  gap,
  causes: causes.map(causeDocument),
})

const causeDocument = ({ code, kind, value, low, high }: Cause) => ({ code, kind, value, low, high })

function wireDocument({ frontend, lines, out, in: sent, closed }: FrontendWire) {
  return { frontend, lines, out: wireGapDocument(out), in: sent ? wireGapDocument(sent) : null, closed }
}

const wireGapDocument = ({ logged, truth, gap, causes, distance }: WireGap) => ({
  logged,
  measured: truth,
  gap,
  causes: causes.map(causeDocument),
  distance: distance ?? null,
})
