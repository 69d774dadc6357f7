import { escapeText, formatCount, formatTable } from '@nightshift/tooling/terminal'
import type { Ledger, LossEntry } from '../loss/index.ts'
import { INCOMPARABLE_WORDS } from './cause-words.ts'
import { bytesText, count } from './loss-figures.ts'
import type { LostReport } from './lost-document.ts'
import { EVIDENCE_WORDS, LACKING_WORDS, REASON_WORDS } from './lost-words.ts'

/** The ledger as a table, what it comes to, and what would make it exact. */
export function lostText({ ledger, incomparable }: LostReport): string {
  const lines = [
    ...(incomparable ? [`the counters were of no use: ${INCOMPARABLE_WORDS[incomparable]}`] : []),
  ]
  if (ledger.entries.length > 0) lines.push(table(ledger.entries).trimEnd(), '')
  lines.push(...verdict(ledger))
  if (ledger.configured.estimate > 0)
    lines.push(
      `${formatCount(ledger.configured.estimate)} lines were left out as the configuration samples them`,
    )
  return `${lines.join('\n')}\n`
}

function table(entries: readonly LossEntry[]): string {
  const columns = [
    { heading: 'when (UTC)' },
    { heading: 'frontend' },
    { heading: 'lines', align: 'right' as const },
    { heading: 'bytes', align: 'right' as const },
    { heading: 'told by' },
  ]
  const rows = entries.map((entry) => [
    when(entry),
    escapeText(entry.frontend ?? 'any'),
    count(entry.lines),
    bytesText(entry.bytes),
    [
      EVIDENCE_WORDS[entry.evidence],
      ...entry.reasons.map((reason) => REASON_WORDS[reason]),
      ...entry.seenBy.map(
        ({ evidence, lines }) =>
          `also ${EVIDENCE_WORDS[evidence]}${lines === undefined ? '' : ` (${formatCount(lines)})`}`,
      ),
    ].join('; '),
  ])
  return formatTable(columns, rows)
}

function verdict({ kind, lines, bytes, complete, lacking }: Ledger): string[] {
  if (kind === 'unknown' || lines === undefined)
    return [
      'Nothing tells whether lines were lost: it cannot be excluded, and there is no figure.',
      ...remedies(lacking),
    ]
  const none = lines.high === 0
  const about =
    bytes && !none
      ? `, ${bytesText(bytes)}${bytes.kind === 'estimated' ? ' by the lines around (95 %)' : ''}`
      : ''
  const what = none ? 'No line was lost' : `Lost: ${count(lines)} line${lines.high === 1 ? '' : 's'}${about}`
  if (complete)
    return [`${what}, between the first line and the last.`, ...(kind === 'exact' ? [] : remedies(lacking))]
  return [`${what}. More cannot be excluded.`, ...remedies(lacking)]
}

const remedies = (lacking: Ledger['lacking']): string[] =>
  lacking.length === 0 ? [] : ['To know it exactly:', ...lacking.map((code) => `  - ${LACKING_WORDS[code]}`)]

function when({ from, until }: LossEntry): string {
  const text = (time: number): string => new Date(time).toISOString().replace('T', ' ').slice(0, 19)
  if (from === undefined) return until === undefined ? '' : `until ${text(until)}`
  if (until === undefined) return `from ${text(from)}`
  const [first, last] = [text(from), text(until)]
  if (first === last) return first
  return first.slice(0, 10) === last.slice(0, 10) ? `${first} to ${last.slice(11)}` : `${first} to ${last}`
}
