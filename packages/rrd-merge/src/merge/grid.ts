import { firstRowTime, lastRowTime, oldestRow } from '../format/index.ts'
import type { Archive, RrdHeader } from '../format/types.ts'

/** An archive's rows on the time axis. All grids start at 1970, so rows of equal span always meet exactly. */
export interface Grid {
  readonly span: number
  readonly rows: number
  /** END of the oldest row's interval. */
  readonly first: number
  /** END of the newest row's interval. */
  readonly last: number
  /** Physical index of the oldest row. */
  readonly oldest: number
}

export function gridOf(header: RrdHeader, archive: Archive): Grid {
  return {
    span: archive.span,
    rows: archive.rowCount,
    first: firstRowTime(archive, header),
    last: lastRowTime(archive, header),
    oldest: oldestRow(archive),
  }
}

/** Physical index of the row that ends at `time`; `time` must be on the grid and within first..last. */
export const rowAt = (grid: Grid, time: number): number =>
  (grid.oldest + (time - grid.first) / grid.span) % grid.rows

/** Row times from first to last that both bounds allow; empty where first > last. */
export interface Window {
  readonly first: number
  readonly last: number
}

/** The rows of `grid` that end within the bounds (both inclusive), as times on the grid. */
export function within(grid: Grid, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): Window {
  const { first, last, span } = grid
  return {
    first: from <= first ? first : first + Math.ceil((from - first) / span) * span,
    last: to >= last ? last : last - Math.ceil((last - to) / span) * span,
  }
}
