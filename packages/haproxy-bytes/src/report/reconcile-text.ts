import { type Column, escapeText, formatCount, formatTable } from '@nightshift/tooling/terminal'
import type { Cause, Reconciliation, ToldLosses } from '../reconcile/index.ts'
import { CAUSE_WORDS, INCOMPARABLE_WORDS } from './cause-words.ts'
import { bytesText, count } from './loss-figures.ts'
import { EVIDENCE_WORDS } from './lost-words.ts'

const COLUMNS = (first: string, against: string): readonly Column[] => [
  { heading: first },
  { heading: '' },
  { heading: 'logged', align: 'right' },
  { heading: against, align: 'right' },
  { heading: 'gap', align: 'right' },
  { heading: '' },
]

interface Row {
  readonly name: string
  readonly direction: 'out' | 'in'
  readonly logged: bigint
  readonly against: bigint
  readonly gap: bigint
  readonly causes: readonly Cause[]
}

/** Tables of gaps, a line for each cause, and what all of it amounts to. */
export function reconcileText(result: Reconciliation): string {
  const { proxies, totals, wire } = result
  const counted: Row[] = proxies.flatMap(({ name, out, in: sent }) => {
    const row = (direction: 'out' | 'in', { logged, counted, gap, causes }: typeof out): Row => ({
      name: name.proxy ?? 'all',
      direction,
      logged,
      against: counted,
      gap,
      causes,
    })
    return [row('out', out), ...(sent ? [row('in', sent)] : [])]
  })
  const all: Row[] =
    totals && proxies.length > 1
      ? [{ name: 'all', direction: 'out', ...totals.out, against: totals.out.counted, causes: [] }]
      : []
  const measured: Row[] = wire.flatMap(({ frontend, out, in: sent }) => {
    const row = (direction: 'out' | 'in', { logged, truth, gap, causes }: typeof out): Row => ({
      name: frontend,
      direction,
      logged,
      against: truth,
      gap,
      causes,
    })
    return [row('out', out), ...(sent ? [row('in', sent)] : [])]
  })
  return [
    counted.length > 0 ? table(COLUMNS('proxy', 'counted'), [...counted, ...all]) : '',
    measured.length > 0 ? table(COLUMNS('frontend', 'on the wire'), measured) : '',
    verdict(result),
  ]
    .filter((text) => text !== '')
    .join('\n')
}

function table(columns: readonly Column[], rows: readonly Row[]): string {
  const cells = rows.flatMap(({ name, direction, logged, against, gap, causes }) => [
    [escapeText(name), direction, formatCount(logged), formatCount(against), signed(gap), ''],
    ...causes.map((cause) => [
      '',
      '',
      '',
      '',
      signed(cause.value),
      `${CAUSE_WORDS[cause.code]}${range(cause)}`,
    ]),
  ])
  return formatTable(columns, cells)
}

const signed = (bytes: bigint): string => (bytes > 0n ? `+${formatCount(bytes)}` : formatCount(bytes))

const range = ({ kind, low, high }: Cause): string =>
  kind === 'exact' ? '' : ` (${signed(low)} to ${signed(high)})`

function verdict({ incomparable, outside, proxies, told, lost, closed }: Reconciliation): string {
  const lines: string[] = []
  if (outside > 0)
    lines.push(`${formatCount(outside)} transfers ended outside of the snapshots and were left out`)
  for (const { why, proxy } of incomparable)
    lines.push(
      `not comparable${proxy === undefined ? '' : ` (${escapeText(proxy)})`}: ${INCOMPARABLE_WORDS[why]}`,
    )
  for (const { name, lostLines, lost: isLost } of proxies)
    if (isLost) lines.push(`${escapeText(name.proxy ?? 'all')}: ${lostText(lostLines)} lost`)
  if (told) lines.push(toldText(told))
  if (incomparable.length > 0) return `${lines.join('\n')}\n`
  if (!closed) lines.push('the gap is above the tolerance')
  else if (!lost) lines.push('the log tallies')
  return `${lines.join('\n')}\n`
}

/** Who says so is named once, however often. */
function toldText({ lines, bytes, entries }: ToldLosses): string {
  const who = [...new Set(entries.map(({ evidence }) => EVIDENCE_WORDS[evidence]))]
  const held = lines.high === 0 ? '' : `, about ${bytesText(bytes)} by the lines around`
  return `told as lost: ${count(lines)} lines${held} (${who.join('; ')})`
}

function lostText({ low, high }: { readonly low: number; readonly high?: number }): string {
  if (high === undefined) return low === 0 ? 'lines were' : `at least ${formatCount(low)} lines were`
  if (low === high) return `${formatCount(low)} line${low === 1 ? ' was' : 's were'}`
  return `${formatCount(low)} to ${formatCount(high)} lines were`
}
