import { type Grid, rowAt, type Window } from './grid.ts'

/** Rows that are contiguous in both archives: neither wraps around within them. */
export interface Segment {
  readonly targetRow: number
  readonly sourceRow: number
  readonly rows: number
  /** Row time of the first row. */
  readonly time: number
}

/** Cuts the rows that both grids of equal span share, within the window, where either archive wraps: at most three parts. */
export function segmentsOf(target: Grid, source: Grid, window: Window): Segment[] {
  const { span } = target
  const first = Math.max(window.first, source.first)
  const last = Math.min(window.last, source.last)
  const segments: Segment[] = []
  for (let time = first; time <= last; ) {
    const targetRow = rowAt(target, time)
    const sourceRow = rowAt(source, time)
    const rows = Math.min((last - time) / span + 1, target.rows - targetRow, source.rows - sourceRow)
    segments.push({ targetRow, sourceRow, rows, time })
    time += rows * span
  }
  return segments
}
