import { escapeText } from '@nightshift/tooling/terminal'
import type { FileCoverage, TreeTotals } from '../document.ts'
import { longestGap } from '../longest-gap.ts'
import { formatLength, formatMoment, formatShare } from '../times.ts'
import { emphasize, type TerminalStyle } from './style.ts'

/** One line a file of a tree: share known, gaps, last update, path. Escaped here. */
export function treeLineText({ path, coverage, error }: FileCoverage): string {
  if (coverage === undefined)
    return `${'failed'.padStart(7)}  ${escapeText(path)}: ${escapeText(error?.message ?? '')}`
  const now = Date.now() / 1000
  const share = formatShare(coverage.share).padStart(7)
  const seconds = longestGap(coverage)
  const gap = seconds === 0 ? 'none' : formatLength(seconds)
  const updated = formatMoment(coverage.lastUpdate, now).padStart(17)
  return `${share}  ${gap.padStart(11)}  ${updated}  ${escapeText(path)}`
}

export function treeHeadText(style: TerminalStyle): string {
  return emphasize(`${'known'.padStart(7)}  ${'longest gap'}  ${'last update'.padStart(17)}  file`, style)
}

export function treeTotalsText({ files, failed, share, withGaps }: TreeTotals, style: TerminalStyle): string {
  const parts = [
    `${files} ${files === 1 ? 'file' : 'files'}`,
    `${formatShare(share)} known`,
    `${withGaps} with gaps`,
  ]
  if (failed > 0) parts.push(`${failed} failed`)
  return emphasize(parts.join(', '), style)
}
