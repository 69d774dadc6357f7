import { escapeText, formatCount } from '@nightshift/tooling/terminal'
import type { ArchiveReport } from '../merge/index.ts'
import type { FileReport, FileStatus, Totals } from '../report/types.ts'

const PLANNED: Readonly<Record<FileStatus, string>> = {
  merged: 'to merge',
  copied: 'to copy',
  unchanged: 'unchanged',
  skipped: 'skipped',
  failed: 'failed',
}

const instant = (time: number): string => new Date(time * 1000).toISOString().slice(0, 16).replace('T', ' ')

const cells = (count: number): string => `${formatCount(count)} ${count === 1 ? 'cell' : 'cells'}`

/** `merged     host/load.rrd: 10,234 cells filled, 12 still unknown`. */
export function fileLine(report: FileReport, dryRun: boolean): string {
  const status = (dryRun ? PLANNED[report.status] : report.status).padEnd(9)
  const parts = [
    ...(report.status === 'merged' ? [`${cells(report.filled)} ${dryRun ? 'to fill' : 'filled'}`] : []),
    ...(report.replaced > 0 ? [`${cells(report.replaced)} changed`] : []),
    ...(report.erased > 0 ? [`${cells(report.erased)} made unknown`] : []),
    ...(report.rras.length > 0 ? [`${formatCount(report.stillUnknown)} still unknown`] : []),
  ]
  const path = escapeText(report.path)
  return parts.length > 0 ? `${status}  ${path}: ${parts.join(', ')}` : `${status}  ${path}`
}

/** A line for each archive that changed or still has holes. */
export function archiveLines({ rras }: FileReport): string[] {
  return rras.filter((rra) => rra.filled + rra.replaced + rra.erased + rra.stillUnknown > 0).map(archiveLine)
}

function archiveLine({ cf, span, rows, filled, replaced, stillUnknown, from, to }: ArchiveReport): string {
  const range = from !== null && to !== null ? `  ${instant(from)} to ${instant(to)} UTC` : ''
  const changed = replaced > 0 ? `, ${formatCount(replaced)} changed` : ''
  const head = `  ${escapeText(cf).padEnd(8)} ${`${span} s`.padStart(8)} x ${formatCount(rows)}`.padEnd(34)
  return `${head} ${formatCount(filled)} filled${changed}, ${formatCount(stillUnknown)} still unknown${range}`
}

/** The last line of a folder's merge. */
export function totalsLine(totals: Totals, dryRun: boolean): string {
  const { merged, unchanged, copied, skipped, failed, filled } = totals
  const head = dryRun ? 'nothing was written: ' : ''
  const files = `${formatCount(merged)} ${dryRun ? 'to merge' : 'merged'}, ${formatCount(copied)} ${dryRun ? 'to copy' : 'copied'}`
  const rest = `${formatCount(unchanged)} unchanged, ${formatCount(skipped)} skipped, ${formatCount(failed)} failed`
  return `${head}${files}, ${rest}; ${cells(filled)} ${dryRun ? 'to fill' : 'filled'}`
}
