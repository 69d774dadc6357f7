import { formatBytes, formatCount } from '@nightshift/tooling/terminal'
import type { ByteFigure, Range } from '../loss/index.ts'

/** Of lines. */
export function count({ low, estimate, high }: Range): string {
  if (high === undefined) return `${formatCount(estimate)} (at least ${formatCount(low)})`
  if (low === high) return formatCount(low)
  return `${formatCount(estimate)} (${formatCount(low)} to ${formatCount(high)})`
}

/** Of what they held. */
export function bytesText({ kind, low, estimate, high }: ByteFigure): string {
  if (kind === 'unknown') return 'unknown bytes'
  if (low === high) return kind === 'exact' ? `${formatCount(low)} bytes` : formatBytes(low)
  if (high === undefined) return `${formatBytes(estimate)} (at least ${formatBytes(low)})`
  return `${formatBytes(estimate)} (${formatBytes(low)} to ${formatBytes(high)})`
}
