import { type Column, escapeText, formatCount } from '@nightshift/tooling/terminal'
import type { WireTotal } from '../model/index.ts'
import { type GroupedTotals, knownBytesIn, type Sums } from '../totals/index.ts'
import { longTable } from './long-table.ts'
import type { TotalReport, WireFigures } from './total-report.ts'

const NUMBERS: readonly Column[] = [
  { heading: 'requests', align: 'right' },
  { heading: 'bytes out', align: 'right' },
  { heading: 'bytes in', align: 'right' },
  { heading: 'aborted', align: 'right' },
]

const WIRE: readonly Column[] = [
  { heading: 'on the wire', align: 'right' },
  { heading: 'least', align: 'right' },
  { heading: 'most', align: 'right' },
  { heading: '' },
]

/** The table of a total, and beneath it what was not summed; line by line. */
export function* totalText({
  keys,
  totals: { lines, groups, totals },
  wire,
}: TotalReport): Generator<string> {
  const figures = (of: WireFigures | undefined): string[] => (of ? wireCells(of.out) : [])
  const sum = [
    ...keys.map((_, index) => (index === 0 ? 'all' : '')),
    ...numbers(totals),
    ...figures(wire?.totals),
  ]
  const rows = {
    *[Symbol.iterator]() {
      if (keys.length > 0)
        for (const { key, ...sums } of groups)
          yield [...key.map(cell), ...numbers(sums), ...figures(wire?.of(key))]
      yield sum
    },
  }
  const columns = [...keys.map((heading) => ({ heading })), ...NUMBERS, ...(wire ? WIRE : [])]
  yield* longTable(columns, rows)
  yield `\n${linesText(lines)}`
}

const cell = (value: string | number | null): string => (value === null ? '-' : escapeText(String(value)))

/** Bytes to clients; what they lie between only where they aren't exact. */
function wireCells({ value, low, high, kind }: WireTotal): string[] {
  const bytes = (count: bigint | undefined): string => (count === undefined ? '?' : formatCount(count))
  return [bytes(value), ...(kind === 'exact' ? ['', ''] : [bytes(low), bytes(high)]), kind]
}

function numbers(sums: Sums): string[] {
  const { requests, bytesOut, aborted } = sums
  const bytesIn = knownBytesIn(sums)
  return [
    formatCount(requests),
    formatCount(bytesOut),
    bytesIn === null ? 'unknown' : formatCount(bytesIn),
    aborted.requests === 0 ? '' : `${formatCount(aborted.requests)}: ${formatCount(aborted.bytesOut)}`,
  ]
}

function linesText({ read, parsed, unparsed, truncated, other }: GroupedTotals['lines']): string {
  const rest = [
    [other, 'without a transfer'],
    [truncated, 'cut off'],
    [unparsed, 'not readable'],
  ] as const
  const parts = rest.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`)
  return `${many(read, 'line')}, ${many(parsed, 'transfer')}${parts.length > 0 ? `; ${parts.join(', ')}` : ''}\n`
}

const many = (count: number, noun: string): string => `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
