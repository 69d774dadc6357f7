import { escapeText, formatBytes, type StreamFacts } from '@nightshift/tooling/terminal'
import { type Finding, findingText, type Severity } from '../findings/index.ts'
import { place } from './words.ts'

const STYLES = { corruption: 'red', leak: 'yellow', error: 'red', warning: 'yellow', note: 'dim' } as const

/** The gravest first; within a severity in the order of the file. */
const ORDER: readonly Severity[] = ['error', 'corruption', 'leak', 'warning', 'note']

/** Said first among their kind: they explain others. */
const EXPLAINING = new Set<string>([
  'lost-l2',
  'snapshot-orphan',
  'snapshot-table-overwritten',
  'snapshot-l1-lost',
])

export function gravestFirst(findings: readonly Finding[]): Finding[] {
  const rank = ({ severity, code }: Finding) => 2 * ORDER.indexOf(severity) + (EXPLAINING.has(code) ? 0 : 1)
  return [...findings].sort((a, b) => rank(a) - rank(b))
}

/** Of one code, where nobody said how many; and in all. */
const OF_EACH = 4
const AT_MOST = 50

/** The gravest first, a few of each code: enough to see what happened. */
export function someOfEach(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, number>()
  const some = gravestFirst(findings).filter(({ code }) => {
    const count = (seen.get(code) ?? 0) + 1
    seen.set(code, count)
    return count <= OF_EACH
  })
  return some.slice(0, AT_MOST)
}

/** `corruption  refcount-low  at 0x50000 (327680): refcount 0 of 3 clusters ... (guest 1 MiB at 0x100000, snapshot 2)`. */
export function findingLine(finding: Finding, style: StreamFacts['style']): string {
  const { severity, code, offset } = finding
  const severityText = style(STYLES[severity], severity.padEnd(10))
  return `  ${severityText}  ${code}  at ${place(offset)}: ${escapeText(findingText(finding))}${concerns(finding)}`
}

function concerns({ guest, snapshot }: Finding): string {
  const parts = [
    ...(guest ? [`guest ${formatBytes(guest.length)} at 0x${guest.offset.toString(16)}`] : []),
    ...(snapshot !== undefined ? [`snapshot ${escapeText(snapshot)}`] : []),
  ]
  return parts.length > 0 ? ` (${parts.join(', ')})` : ''
}
