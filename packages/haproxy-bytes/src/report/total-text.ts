import { type Column, escapeText, formatBytes, formatCount, formatTable } from '@nightshift/tooling/terminal'
import { type GroupedTotals, knownBytesIn, type Sums } from '../totals/index.ts'

const NUMBERS: readonly Column[] = [
  { heading: 'requests', align: 'right' },
  { heading: 'bytes out', align: 'right' },
  { heading: 'bytes in', align: 'right' },
  { heading: 'aborted', align: 'right' },
]

/** The table of a total, and beneath it what was not summed. */
export function totalText(names: readonly string[], { lines, groups, totals }: GroupedTotals): string {
  const rows = groups.map(({ key, ...sums }) => [...key.map(cell), ...numbers(sums)])
  const columns = [...names.map((heading) => ({ heading })), ...NUMBERS]
  const sum = [...names.map((_, index) => (index === 0 ? 'all' : '')), ...numbers(totals)]
  const table = formatTable(columns, names.length === 0 ? [numbers(totals)] : [...rows, sum])
  return `${table}\n${linesText(lines)}${partialText(totals)}`
}

const cell = (value: string | number | null): string => (value === null ? '-' : escapeText(String(value)))

const numbers = (sums: Sums): string[] => {
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
    [other, 'told of no transfer'],
    [truncated, 'were cut off'],
    [unparsed, 'could not be read'],
  ] as const
  const parts = rest.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`)
  return `${formatCount(read)} lines, ${formatCount(parsed)} transfers${parts.length > 0 ? `; ${parts.join(', ')}` : ''}\n`
}

function partialText({ partial }: Sums): string {
  if (partial.requests === 0) return ''
  const [requests, bytes] = [formatCount(partial.requests), formatBytes(Number(partial.bytesOut))]
  return `${requests} transfers were logged before their end (option logasap): ${bytes} are not all of their bytes\n`
}
