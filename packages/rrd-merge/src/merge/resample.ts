import { folder } from './consolidate.ts'
import { rowAt } from './grid.ts'
import { cellAt, type RowReader, type SourceView, type TargetShape } from './row-reader.ts'

/**
 * Rows whose span is no multiple or divisor of the target's. AVERAGE: mean weighted by the seconds of overlap. MIN and MAX:
 * over all rows that touch, which is a bound. LAST: the last row that ends within the target's row, else the one
 * that covers its end. Unknown seconds may be at most xff of the row.
 */
export function resamplingReader(source: SourceView, target: TargetShape): RowReader {
  const { grid } = source
  const { span, cf } = target
  const fold = folder(cf)
  return {
    read(time, row) {
      const start = time - span
      const covering = Math.ceil(time / grid.span) * grid.span
      const first = Math.max(Math.floor(start / grid.span) * grid.span + grid.span, grid.first)
      const last = Math.min(covering, grid.last)
      if (first > last) return false
      for (let column = 0; column < row.length; column++) {
        let value = Number.NaN
        let known = 0
        for (let end = first; end <= last; end += grid.span) {
          const cell = cellAt(source, rowAt(grid, end), column)
          if (Number.isNaN(cell)) continue
          const overlap = Math.min(end, time) - Math.max(end - grid.span, start)
          value = fold(value, cell, overlap)
          known += overlap
        }
        if (known === 0 || span - known > span * target.xff) value = Number.NaN
        else if (cf === 'AVERAGE') value /= known
        else if (cf === 'LAST') value = lastValue(source, time, start, covering, column)
        row[column] = value
      }
      return true
    },
  }
}

function lastValue(
  source: SourceView,
  time: number,
  start: number,
  covering: number,
  column: number,
): number {
  const { grid } = source
  const ended = covering === time ? time : covering - grid.span
  const end = ended > start ? ended : covering
  return end < grid.first || end > grid.last ? Number.NaN : cellAt(source, rowAt(grid, end), column)
}
