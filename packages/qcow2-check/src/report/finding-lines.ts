import { escapeText, formatBytes, type StreamFacts } from '@nightshift/tooling/terminal'
import { type Finding, findingText, type Severity } from '../findings/index.ts'

const STYLES = { corruption: 'red', leak: 'yellow', error: 'red', warning: 'yellow', note: 'dim' } as const

/** The gravest first; within a severity in the order of the file. */
const ORDER: readonly Severity[] = ['error', 'corruption', 'leak', 'warning', 'note']

export function gravestFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity))
}

/** `corruption  refcount-low  0x50000  refcount 0 of 3 clusters ... (guest 1 MiB at 0x100000, snapshot "2")`. */
export function findingLine(finding: Finding, style: StreamFacts['style']): string {
  const { severity, code, offset } = finding
  const severityText = style(STYLES[severity], severity.padEnd(10))
  return `  ${severityText}  ${code}  at 0x${offset.toString(16)} (${offset}): ${escapeText(findingText(finding))}${concerns(finding)}`
}

function concerns({ guest, snapshot }: Finding): string {
  const parts = [
    ...(guest ? [`guest ${formatBytes(guest.length)} at 0x${guest.offset.toString(16)}`] : []),
    ...(snapshot !== undefined ? [`snapshot ${escapeText(snapshot)}`] : []),
  ]
  return parts.length > 0 ? ` (${parts.join(', ')})` : ''
}
