import type { ByteFigure, Ledger, LossEntry, Range } from '../loss/index.ts'
import type { IncomparableReason } from '../reconcile/index.ts'
import type { LineCounts } from '../totals/index.ts'
import { INCOMPARABLE_WORDS } from './cause-words.ts'
import { LACKING_WORDS } from './lost-words.ts'

export interface LostReport {
  readonly ledger: Ledger
  readonly lines: Readonly<LineCounts>
  /** Why the counters given were of no use. */
  readonly incomparable: IncomparableReason | undefined
}

/** `haproxy-bytes/lost@1` without its schema name. */
export function lostDocument({ ledger, lines, incomparable }: LostReport) {
  return {
    lines,
    span: ledger.from === undefined ? null : { from: instant(ledger.from), to: instant(ledger.until) },
    lost: {
      kind: ledger.kind,
      lines: ledger.lines ? range(ledger.lines) : null,
      bytes: ledger.bytes ? figure(ledger.bytes) : null,
      complete: ledger.complete,
    },
    entries: ledger.entries.map(entry),
    frontends: ledger.frontends.map((one) => ({
      frontend: one.frontend ?? null,
      lines: range(one.lines),
      bytes: figure(one.bytes),
    })),
    configured: range(ledger.configured),
    lacking: ledger.lacking.map((code) => ({ code, message: LACKING_WORDS[code] })),
    incomparable:
      incomparable === undefined ? [] : [{ code: incomparable, message: INCOMPARABLE_WORDS[incomparable] }],
  }
}

const instant = (time: number | undefined): string | null =>
  time === undefined ? null : new Date(time).toISOString()

export const range = ({ low, estimate, high }: Range) => ({ low, estimate, high: high ?? null })

export const figure = (bytes: ByteFigure) => ({
  kind: bytes.kind,
  ...(bytes.kind === 'unknown' ? { low: bytes.low, estimate: null, high: null } : range(bytes)),
})

export const entry = (one: LossEntry) => ({
  evidence: one.evidence,
  from: instant(one.from),
  to: instant(one.until),
  host: one.host ?? null,
  pid: one.pid ?? null,
  frontend: one.frontend ?? null,
  lines: range(one.lines),
  bytes: figure(one.bytes),
  gaps: one.gaps ?? null,
  seenBy: one.seenBy.map(({ evidence, lines }) => ({ evidence, lines: lines ?? null })),
  reasons: one.reasons,
  sample: one.sample
    ? { lines: one.sample.lines, mean: one.sample.mean, deviation: one.sample.deviation }
    : null,
})
