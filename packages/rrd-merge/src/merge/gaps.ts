import { type Grid, rowAt } from './grid.ts'

/**
 * Marks the cells of gaps longer than `seconds`: runs of rows, in the order of time, that a data source doesn't know.
 * A run at the edge of the archive is as long as it is seen.
 */
export function longGaps(cells: Float64Array, width: number, grid: Grid, seconds: number): Uint8Array {
  const marks = new Uint8Array(cells.length)
  for (let column = 0; column < width; column++) {
    let start = grid.first
    for (let time = grid.first; time <= grid.last + grid.span; time += grid.span) {
      const unknown = time <= grid.last && Number.isNaN(cells[rowAt(grid, time) * width + column] as number)
      if (unknown) continue
      if (time - start > seconds) {
        for (let row = start; row < time; row += grid.span) marks[rowAt(grid, row) * width + column] = 1
      }
      start = time + grid.span
    }
  }
  return marks
}
