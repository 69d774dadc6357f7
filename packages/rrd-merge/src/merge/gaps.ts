import { type Grid, rowAt } from './grid.ts'

/**
 * Marks the cells of gaps longer than `seconds`: runs of rows, in the order of time, that a data source doesn't know.
 * A run at the edge of the archive is as long as it is seen.
 *
 * @param isUnknown tells of a cell index
 * @param wholeRows a gap is a run of rows unknown in all data sources
 */
export function longGaps(
  grid: Grid,
  width: number,
  seconds: number,
  isUnknown: (cell: number) => boolean,
  wholeRows: boolean,
): Uint8Array {
  const marks = new Uint8Array(grid.rows * width)
  const depth = wholeRows ? width : 1
  for (let column = 0; column < width; column += depth) {
    let start = grid.first
    for (let time = grid.first; time <= grid.last + grid.span; time += grid.span) {
      if (time <= grid.last && areUnknown(rowAt(grid, time) * width + column, depth, isUnknown)) continue
      if (time - start > seconds) {
        for (let row = start; row < time; row += grid.span) {
          const cell = rowAt(grid, row) * width + column
          marks.fill(1, cell, cell + depth)
        }
      }
      start = time + grid.span
    }
  }
  return marks
}

/** Whether all of `count` cells from `start` are unknown. */
export function areUnknown(start: number, count: number, isUnknown: (cell: number) => boolean): boolean {
  for (let cell = start; cell < start + count; cell++) {
    if (!isUnknown(cell)) return false
  }
  return true
}
