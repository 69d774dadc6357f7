import { formatBytes, formatCount } from '@nightshift/tooling/terminal'
import type { Range } from '../loss/index.ts'
import { noLoss } from './draw-gap.ts'
import type { GapChart, LoggedInterval, WireBytes } from './gap-chart.ts'
import { instantText, spanText } from './instants.ts'

/** Exact bytes: `12,345`, `12,300 to 12,400`, `at least 12,300`. */
export function wireText({ kind, value, low, high }: WireBytes): string {
  if (kind === 'exact' && value !== undefined) return formatCount(value)
  return high === undefined ? `at least ${formatCount(low)}` : `${formatCount(low)} to ${formatCount(high)}`
}

export function rangeText({ low, estimate, high }: Range): string {
  if (low === high) return formatCount(estimate)
  return high === undefined
    ? `at least ${formatCount(low)}`
    : `${formatCount(low)} to ${formatCount(high)}, likely ${formatCount(estimate)}`
}

/** What there is to say of an interval, in a line. */
export function intervalText(one: LoggedInterval): string {
  const { requests, logged, wire, lossy } = one
  const parts = [
    `${formatCount(requests)} transfers`,
    `logged ${formatCount(logged)} bytes`,
    `on the wire ${wireText(wire)}, ${wire.kind}`,
    ...(lossy ? ['lines lost'] : []),
  ]
  return `${spanText(one.from, one.until)}: ${parts.join('; ')}`
}

/** The picture in words. */
export function describeGap(chart: GapChart): string {
  const { intervals, totals, ledger } = chart
  const [first, last] = [intervals[0], intervals.at(-1)]
  if (!first || !last) return 'No line of these logs tells of a transfer and shows its time.'
  const { low, high, value, kind } = totals.wire
  const range =
    high === undefined ? `at least ${formatBytes(low)}` : `${formatBytes(low)} to ${formatBytes(high)}`
  const likely = value === undefined ? [] : [formatBytes(value)]
  const wire = kind === 'exact' ? formatBytes(low) : [...likely, range].join(', ')
  const lines =
    ledger.entries.length > 0 && ledger.lines ? `${rangeText(ledger.lines)} lines lost` : noLoss(chart)
  return `${instantText(first.from)} to ${instantText(last.until)} UTC: ${formatCount(totals.requests)} transfers, ${formatBytes(totals.logged)} logged, ${wire} on the wire (${kind}); ${lines}.`
}
