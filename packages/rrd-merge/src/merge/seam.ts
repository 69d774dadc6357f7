import { hasXff } from '../format/index.ts'
import type { Archive, Rrd } from '../format/types.ts'
import { consolidatingReader } from './consolidate.ts'
import { gridOf, rowAt, type Window, within } from './grid.ts'
import type { MergeOptions } from './options.ts'
import { type SourceView, sourceView } from './row-reader.ts'

/** Rows of a coarse archive that were computed afresh. */
export interface SeamChange {
  readonly archive: number
  /** Index of the cell in the archive. */
  readonly cell: number
  readonly time: number
  readonly value: number
}

/** How much of a cell an OLD has a say in; zero where none has. As shares, so that those of a row add up. */
const PART = 1
export const ALL = 2

/**
 * Coarse cells whose interval is partly NEW's own and partly OLD's: neither file's coarse value covers it. They follow
 * from the merged finer archive of the same CF, the finest that has the whole interval and knows all of it.
 * Archives are given from fine to coarse, and `apply` is called for each change before the next coarser one is looked at.
 *
 * A cell that was recomputed is itself of both files, whatever its mark was, so that a coarser one above it is too.
 *
 * @param taken by archive: `ALL` for each cell in which an OLD has a say; recomputed ones get `PART`
 */
export function recomputeSeams(
  rrd: Rrd,
  taken: readonly Uint8Array[],
  options: Pick<MergeOptions, 'from' | 'to'>,
  apply: (change: SeamChange) => void,
): void {
  const { archives, dataSources } = rrd.header
  const order = archives.map((_, index) => index).sort((a, b) => spanOf(archives, a) - spanOf(archives, b))
  for (const index of order) {
    const archive = archives[index] as Archive
    if (!hasXff(archive.cf)) continue
    const finer = order.filter((other) => isFiner(archives[other] as Archive, archive))
    const grid = gridOf(rrd.header, archive)
    const window = within(grid, options.from, options.to)
    const found = new SeamFinder(rrd, finer, taken, archive, dataSources.length)
    for (let time = window.first; time <= window.last; time += grid.span) {
      found.look(time, (column, value) => {
        const cell = rowAt(grid, time) * dataSources.length + column
        ;(taken[index] as Uint8Array)[cell] = PART
        apply({ archive: index, cell, time, value })
      })
    }
  }
}

const spanOf = (archives: readonly Archive[], index: number): number => (archives[index] as Archive).span

const isFiner = (a: Archive, b: Archive): boolean => a.cf === b.cf && a.span < b.span && b.span % a.span === 0

interface Finer {
  readonly view: SourceView
  readonly taken: Uint8Array
  readonly read: (time: number, row: Float64Array) => boolean
}

class SeamFinder {
  readonly #finer: readonly Finer[]
  readonly #span: number
  readonly #row: Float64Array

  constructor(
    rrd: Rrd,
    finer: readonly number[],
    taken: readonly Uint8Array[],
    archive: Archive,
    width: number,
  ) {
    const columns = Int32Array.from({ length: width }, (_, column) => column)
    // Nothing may be unknown: a known value of NEW only gives way to one that covers all of the interval.
    const shape = { cf: archive.cf, span: archive.span, step: rrd.header.step, xff: 0 }
    this.#span = archive.span
    this.#row = new Float64Array(width)
    this.#finer = finer.map((index) => {
      const view = sourceView(rrd, index, columns)
      return { view, taken: taken[index] as Uint8Array, read: consolidatingReader(view, shape, true).read }
    })
  }

  /** Reports the columns of the coarse row that ends at `time` in which both files have a part. */
  look(time: number, report: (column: number, value: number) => void): void {
    for (const finer of this.#finer) {
      const { grid } = finer.view
      if (time - this.#span + grid.span < grid.first || time > grid.last) continue
      const mixed = this.#mixedColumns(finer, { first: time - this.#span + grid.span, last: time })
      if (mixed.length === 0) return
      finer.read(time, this.#row)
      for (const column of mixed) {
        const value = this.#row[column] as number
        if (!Number.isNaN(value)) report(column, value)
      }
      return
    }
  }

  #mixedColumns({ view, taken }: Finer, { first, last }: Window): number[] {
    const { grid, width } = view
    const rows = (last - first) / grid.span + 1
    const shares = new Uint32Array(width)
    for (let time = first; time <= last; time += grid.span) {
      const start = rowAt(grid, time) * width
      for (let column = 0; column < width; column++)
        shares[column] = (shares[column] as number) + (taken[start + column] as number)
    }
    return [...shares.keys()].filter((column) => {
      const share = shares[column] as number
      return share > 0 && share < rows * ALL
    })
  }
}
