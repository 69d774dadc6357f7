import type { Model } from '../model/index.ts'
import type { CountedInterval, GapChart, LoggedInterval, WireBytes } from '../picture/index.ts'
import type { LineCounts } from '../totals/index.ts'
import type { Explanation } from '../wire/index.ts'
import { explainDocument } from './explain-document.ts'
import { lostDocument } from './lost-document.ts'
import type { ToldWarning } from './total-report.ts'
import { modelDocument } from './wire-document.ts'

/** What a picture shows, beside which logs it is of. */
export interface ChartReport {
  readonly output: string
  readonly model: Model
  readonly lines: Readonly<LineCounts>
  readonly warnings: readonly ToldWarning[]
}

/** `haproxy-bytes/chart@1` without its schema name, of the gap over time. */
export function gapDocument({ output, model, lines, warnings }: ChartReport, chart: GapChart) {
  const { lost, entries } = lostDocument({ ledger: chart.ledger, lines, incomparable: undefined })
  return {
    output,
    kind: 'gap',
    lines,
    model: modelDocument(model),
    gap: {
      intervals: chart.intervals.map(interval),
      counted: chart.counted.map(counted),
      totals: { ...chart.totals, wire: wire(chart.totals.wire) },
      timeless: chart.timeless,
      lost,
      losses: entries,
    },
    waterfall: null,
    warnings,
  }
}

/** The same of a waterfall. */
export function waterfallDocument({ output, model, lines, warnings }: ChartReport, explanation: Explanation) {
  const { groups, totals, wireCounters } = explainDocument(explanation, model, lines, warnings)
  return {
    output,
    kind: 'waterfall',
    lines,
    model: modelDocument(model),
    gap: null,
    waterfall: { wireCounters, groups, totals },
    warnings,
  }
}

const time = (instant: number): string => new Date(instant).toISOString()

const interval = (one: LoggedInterval) => ({
  from: time(one.from),
  to: time(one.until),
  requests: one.requests,
  logged: one.logged,
  wire: wire(one.wire),
  lossy: one.lossy,
})

const counted = (one: CountedInterval) => ({
  from: time(one.from),
  to: time(one.until),
  requests: one.lines,
  logged: one.logged,
  counted: one.counted ?? null,
  sockets: one.sockets ?? null,
  incomparable: one.incomparable ?? null,
})

const wire = ({ kind, value, low, high }: WireBytes) => ({
  kind,
  value: value ?? null,
  low,
  high: high ?? null,
})
