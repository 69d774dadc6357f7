import type { Archive, Rrd } from '../format/types.ts'
import { type Grid, gridOf, rowAt } from './grid.ts'

/** Gives an archive of OLD as rows of the target. */
export interface RowReader {
  /**
   * Writes the row that ends at `time` to `row`, one value per data source of the target, NaN where unknown.
   * Returns false, with `row` untouched, where the source has nothing to say about that time.
   */
  read(time: number, row: Float64Array): boolean
}

/** A source archive, and the shape its rows are to take. */
export interface SourceView {
  readonly grid: Grid
  readonly cells: Float64Array
  /** Cells a row of the source. */
  readonly width: number
  /** By the target's data source: that of the source, or -1. */
  readonly columns: Int32Array
}

/** The archive that rows are made for. */
export interface TargetShape {
  readonly cf: string
  readonly span: number
  readonly step: number
  readonly xff: number
}

export function sourceView({ header, cells }: Rrd, index: number, columns: Int32Array): SourceView {
  return {
    grid: gridOf(header, header.archives[index] as Archive),
    cells: cells[index] as Float64Array,
    width: header.dataSources.length,
    columns,
  }
}

/** The value of the target's data source `column` in a physical row of the source. */
export function cellAt({ cells, width, columns }: SourceView, row: number, column: number): number {
  const partner = columns[column] as number
  return partner < 0 ? Number.NaN : (cells[row * width + partner] as number)
}

/** Rows of the same span: as they are. */
export function exactReader(source: SourceView): RowReader {
  const { grid } = source
  return {
    read(time, row) {
      if (time < grid.first || time > grid.last) return false
      const at = rowAt(grid, time)
      for (let column = 0; column < row.length; column++) row[column] = cellAt(source, at, column)
      return true
    },
  }
}

/** Coarser rows: the one that covers the target's row, repeated. Of MIN and MAX that is a bound. */
export function expandingReader(source: SourceView): RowReader {
  const exact = exactReader(source)
  const { span } = source.grid
  return { read: (time, row) => exact.read(Math.ceil(time / span) * span, row) }
}
