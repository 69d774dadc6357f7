import type { ChangeLog } from './change-log.ts'
import { fillCells, seen } from './kernel/index.ts'
import type { DataSourcePairing } from './pair-data-sources.ts'
import type { Segment } from './segments.ts'

/** Cells a kernel call handles where pages matter: a page of the file, so that no more is written back than changed. */
const BLOCK = 512

/** An archive's cells, and how many of them make a row. */
interface Cells {
  readonly cells: Float64Array
  readonly width: number
}

/** Fills unknown cells of a segment from the source's known ones; the founding rule at memory speed. */
export function fillSegment(
  { cells: target, width }: Cells,
  { cells: source, width: sourceWidth }: Cells,
  { columns, identical }: DataSourcePairing,
  { targetRow, sourceRow, rows, time }: Segment,
  span: number,
  log: ChangeLog,
): number {
  const start = targetRow * width
  const cells = rows * width
  const step = log.byPage ? Math.max(1, Math.floor(BLOCK / width)) * width : cells
  let total = 0
  for (let done = 0; done < cells; done += step) {
    const count = Math.min(step, cells - done)
    const row = sourceRow + done / width
    const filled = identical
      ? fillCells(target, start + done, source, row * width, count)
      : fillMapped(target, start + done, source, row * sourceWidth, count / width, sourceWidth, columns)
    if (filled === 0) continue
    total += filled
    const first = done + (seen[0] as number)
    const last = done + (seen[1] as number)
    const rowTime = (cell: number) => time + Math.floor(cell / width) * span
    log.noteFilled(filled, start + first, start + last, rowTime(first), rowTime(last))
  }
  return total
}

function fillMapped(
  target: Float64Array,
  at: number,
  source: Float64Array,
  from: number,
  rows: number,
  sourceWidth: number,
  columns: Int32Array,
): number {
  const width = columns.length
  let filled = 0
  for (let row = 0; row < rows; row++) {
    const sourceStart = from + row * sourceWidth
    for (let column = 0; column < width; column++) {
      const index = row * width + column
      const sourceColumn = columns[column] as number
      if (sourceColumn < 0 || !Number.isNaN(target[at + index] as number)) continue
      const value = source[sourceStart + sourceColumn] as number
      if (Number.isNaN(value)) continue
      target[at + index] = value
      if (filled++ === 0) seen[0] = index
      seen[1] = index
    }
  }
  return filled
}
