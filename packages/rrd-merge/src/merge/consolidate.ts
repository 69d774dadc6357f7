import { rowAt } from './grid.ts'
import { cellAt, type RowReader, type SourceView, type TargetShape } from './row-reader.ts'

/**
 * Finer rows consolidated as rrdtool does it (rrd_update.c, initialize_cdp_val): unknown primary data points, those of
 * rows that the source does not have included, may be at most xff of the row; AVERAGE is the mean over the known ones;
 * LAST is the last one, known or not.
 *
 * @param whole only rows for which the source has every finer row, known or unknown.
 */
export function consolidatingReader(source: SourceView, target: TargetShape, whole: boolean): RowReader {
  const { grid } = source
  const ratio = target.span / grid.span
  const weight = grid.span / target.step
  const allowed = (target.span / target.step) * target.xff
  const fold = folder(target.cf)
  return {
    read(time, row) {
      const first = Math.max(time - target.span + grid.span, grid.first)
      const last = Math.min(time, grid.last)
      const rows = (last - first) / grid.span + 1
      if (rows <= 0 || (whole && rows < ratio)) return false
      const start = rowAt(grid, first)
      for (let column = 0; column < row.length; column++) {
        let value = Number.NaN
        let known = 0
        for (let index = 0, at = start; index < rows; index++, at = at + 1 === grid.rows ? 0 : at + 1) {
          const cell = cellAt(source, at, column)
          if (Number.isNaN(cell)) continue
          value = fold(value, cell, weight)
          known++
        }
        const unknown = ((ratio - known) * grid.span) / target.step
        if (known === 0 || unknown > allowed) value = Number.NaN
        else if (target.cf === 'AVERAGE') value /= known * weight
        else if (target.cf === 'LAST')
          value = last === time ? cellAt(source, rowAt(grid, time), column) : Number.NaN
        row[column] = value
      }
      return true
    },
  }
}

/** Takes one more value into what was gathered so far, NaN at the start. */
export function folder(cf: string): (gathered: number, value: number, weight: number) => number {
  switch (cf) {
    case 'MIN':
      return (gathered, value) => (Number.isNaN(gathered) ? value : Math.min(gathered, value))
    case 'MAX':
      return (gathered, value) => (Number.isNaN(gathered) ? value : Math.max(gathered, value))
    case 'LAST':
      return (_, value) => value
    default:
      return (gathered, value, weight) =>
        Number.isNaN(gathered) ? value * weight : gathered + value * weight
  }
}
