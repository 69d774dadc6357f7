import { escapeText } from '@nightshift/tooling/terminal'
import { coverageOfMeasurement } from '../coverage.ts'
import type { Measurement } from '../measure.ts'
import { notesOf } from '../notes.ts'
import { formatLength, formatShare, formatSpan, formatTime, timeZone } from '../times.ts'
import type { ArchiveCoverage, Coverage } from '../types.ts'
import { archiveLines, stripWidth } from './archive-lines.ts'
import { drawAxis } from './axis-line.ts'
import { drawLegend, emphasize, subdue, type TerminalStyle } from './style.ts'

/** The coverage of one file for a terminal, lines without a final newline. `name` is escaped here. */
export function fileCoverageText(name: string, measurement: Measurement, style: TerminalStyle): string {
  const labels = archiveLabels(measurement.archives.map((archive) => archive.summary))
  const labelWidth = Math.max(...labels.map((label) => label.length), 0) + 2
  const coverage = coverageOfMeasurement(measurement, { columns: stripWidth(labelWidth, style) })
  const lines = coverage.archives.flatMap((archive, index) => {
    const notes = notesOf(archive, coverage.lastUpdate).map(escapeText)
    return archiveLines(
      { label: labels[index] as string, archive, showShare: true, notes },
      labelWidth,
      style,
    )
  })
  return [
    emphasize(escapeText(name), style),
    subdue(headline(coverage), style),
    ...lines,
    ...axisLines(coverage, labelWidth, style),
  ].join('\n')
}

export function headline({ lastUpdate, share, dataSources }: Omit<Coverage, 'step' | 'archives'>): string {
  const sources = `${dataSources.length} data ${dataSources.length === 1 ? 'source' : 'sources'}`
  return `${formatShare(share)} known, ${sources}, last update ${formatTime(lastUpdate)}`
}

/** Axis and legend. */
export function axisLines(
  { axis }: Pick<Coverage, 'axis'>,
  labelWidth: number,
  style: TerminalStyle,
): string[] {
  const indent = ' '.repeat(labelWidth)
  const [marks, dates] = drawAxis(axis)
  const drawn = marks === '' ? [] : [subdue(`${indent}${marks}`, style), subdue(`${indent}${dates}`, style)]
  return [...drawn, `${indent}${drawLegend(style)}`, subdue(`${indent}times in ${timeZone()}`, style)]
}

/** `AVERAGE  1h  90d`, in columns. */
export function archiveLabels(archives: readonly Omit<ArchiveCoverage, 'strip'>[]): string[] {
  const fields = archives.map(({ cf, span, rows, cyclic }) => [
    escapeText(cf),
    formatSpan(span),
    cyclic ? `${rows} rows` : formatLength(rows * span),
  ])
  const widths = [0, 1, 2].map((field) => Math.max(...fields.map((row) => (row[field] as string).length), 0))
  return fields.map(([cf, span, length]) =>
    [
      (cf as string).padEnd(widths[0] as number),
      (span as string).padStart(widths[1] as number),
      (length as string).padStart(widths[2] as number),
    ].join('  '),
  )
}
