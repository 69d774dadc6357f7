import type { MeasuredArchive } from './measure.ts'
import type { Axis } from './types.ts'

/** An archive laid on an axis, per column, in cell seconds (a cell of a row that overlaps the column n s counts n). */
export interface Columns {
  readonly total: Float64Array
  readonly known: Float64Array
}

/**
 * Shares the archive's cells out to the columns by the time they overlap. A coarse row is spread over the fine
 * columns that it covers and a coarse column gathers many rows: over all columns the sums are exactly
 * rows x data sources x span and known cells x span.
 */
export function columnsOf({ summary, knownPerRow }: MeasuredArchive, axis: Axis): Columns {
  const columns = Math.max(axis.edges.length - 1, 0)
  const total = new Float64Array(columns)
  const known = new Float64Array(columns)
  if (knownPerRow === null || summary.firstRow === null || columns === 0) return { total, known }
  const { span } = summary
  const sources = summary.rows === 0 ? 0 : summary.cells / summary.rows
  let column = 0
  let start = summary.firstRow - span
  for (let row = 0; row < knownPerRow.length; row++) {
    const end = start + span
    const knownCells = knownPerRow[row] as number
    while (column < columns && (axis.edges[column + 1] as number) <= start) column++
    for (let c = column; c < columns && (axis.edges[c] as number) < end; c++) {
      const overlap = Math.min(end, axis.edges[c + 1] as number) - Math.max(start, axis.edges[c] as number)
      total[c] = (total[c] as number) + overlap * sources
      known[c] = (known[c] as number) + overlap * knownCells
    }
    start = end
  }
  return { total, known }
}

/** Share known of each column, 0 to 1; null where the archive has no row. */
export function stripOf(archive: MeasuredArchive, axis: Axis): (number | null)[] {
  if (archive.knownPerRow === null) return []
  const { total, known } = columnsOf(archive, axis)
  return Array.from(total, (all, column) => (all === 0 ? null : (known[column] as number) / all))
}
