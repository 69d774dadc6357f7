import { type Kernel, kernel } from './kernel.ts'

/** Places, from 0, of the first and last cell that the latest `fillCells` filled. One for all: nothing is made per call. */
export const seen = new Int32Array(2)

/** Interpreted code needs some 100 ns a cell until it is compiled; the kernel is fast at once. */
const inKernel = (cells: Float64Array): Kernel | null => {
  const found = kernel()
  return found && cells.buffer === found.memory ? found : null
}

export function countUnknown(cells: Float64Array): number {
  const found = inKernel(cells)
  return found ? found.unknown(cells.byteOffset, cells.length) : countUnknownPlain(cells)
}

/** Gives unknown cells of `target` the known ones of `source`, cell by cell. @returns how many took one */
export function fillCells(
  target: Float64Array,
  at: number,
  source: Float64Array,
  from: number,
  count: number,
): number {
  const found = inKernel(target)
  if (!found || source.buffer !== found.memory) return fillCellsPlain(target, at, source, from, count)
  const filled = found.fill(target.byteOffset + at * 8, source.byteOffset + from * 8, count)
  seen[0] = found.seen[0] as number
  seen[1] = found.seen[1] as number
  return filled
}

/** As `countUnknown`, wherever the cells lie. */
export function countUnknownPlain(cells: Float64Array): number {
  let unknown = 0
  for (let index = 0; index < cells.length; index++) {
    if (Number.isNaN(cells[index] as number)) unknown++
  }
  return unknown
}

/** As `fillCells`, wherever the cells lie. */
export function fillCellsPlain(
  target: Float64Array,
  at: number,
  source: Float64Array,
  from: number,
  count: number,
): number {
  let filled = 0
  for (let index = 0; index < count; index++) {
    if (!Number.isNaN(target[at + index] as number)) continue
    const value = source[from + index] as number
    if (Number.isNaN(value)) continue
    target[at + index] = value
    if (filled++ === 0) seen[0] = index
    seen[1] = index
  }
  return filled
}
