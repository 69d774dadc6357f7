import { abiOf } from '../format/architecture.ts'
import { FieldReader } from '../format/field-reader.ts'
import { isCyclicState, type RrdHeader } from '../format/index.ts'
import { layoutOf } from '../format/layout.ts'
import type { ByteRange, RowSpan } from './types.ts'

/**
 * The part of a header that says which rows were written: one moment in a live file's life. Read afresh for each
 * look, so it is kept small; everything else in a header stays unless the file is tuned or resized.
 */
export interface Moment {
  readonly lastUpdate: number
  /** Row written last, by archive. */
  readonly rows: readonly number[]
  /**
   * By archive, whether the row at the pointer may yet have to be written: write_to_rras advances the pointer first,
   * and the header may have been read in between.
   */
  readonly open: readonly boolean[]
}

/**
 * Reads a header's moment.
 * @param header tells the layout
 * @param bytes of a file, from its start
 * @param before the moment known so far, of the same file; without it every pointer's row counts as open
 */
export const momentOf = (header: RrdHeader, bytes: Uint8Array, before?: Moment): Moment => {
  const layout = layoutOf(header)
  const abi = abiOf(header.architecture)
  const reader = new FieldReader(bytes, abi)
  const lastUpdate = reader.time(layout.liveHead)
  const rows = header.archives.map((_, r) => reader.ulong(layout.rraPtr + r * abi.long))
  const moment = { lastUpdate, rows, open: [] }
  const open = rows.map((_, r) => before === undefined || rowsWritten(header, r, before, moment) > 0)
  return { lastUpdate, rows, open }
}

/** The same moment, known to lie between two updates. */
export const closed = (moment: Moment): Moment => ({ ...moment, open: [] })

/** Bytes before live_head: what tune and resize change and an update doesn't. */
export const structureLength = (header: RrdHeader): number => layoutOf(header).liveHead

/**
 * Rows of an archive written from one moment to another, the last one at the pointer of `to`. Time and pointer are
 * both asked: after a whole round the pointer alone says that nothing happened, and a torn header has the new pointer
 * with the old time. An open row is read again: two headers in a row that were read in mid-update would else leave it
 * out (measured: 1 to 3 cells in 20,000 updates back to back).
 */
const rowsWritten = (header: RrdHeader, archive: number, from: Moment, to: Moment): number => {
  const { span, rowCount } = header.archives[archive] as RrdHeader['archives'][number]
  const byTime = Math.floor(to.lastUpdate / span) - Math.floor(from.lastUpdate / span)
  const advance = ((to.rows[archive] ?? 0) - (from.rows[archive] ?? 0) + rowCount) % rowCount
  const byPointer = advance + (from.open[archive] ? 1 : 0)
  if (!Number.isSafeInteger(byTime) || byTime < 0 || (to.rows[archive] ?? 0) >= rowCount) return rowCount
  return Math.min(Math.max(byTime, byPointer), rowCount)
}

/**
 * The cells that differ, or may, between a file read at `from` and the same file at `to`. Archives that are cyclic
 * state are taken whole, since smoothing rewrites them (smooth_all_rras of rrd_update.c).
 */
export const changedCells = (header: RrdHeader, from: Moment, to: Moment): ByteRange[] => {
  const rowBytes = header.dataSources.length * 8
  const ranges: ByteRange[] = []
  for (const [r, archive] of header.archives.entries()) {
    const count = isCyclicState(archive.cf) ? archive.rowCount : rowsWritten(header, r, from, to)
    if (count === 0) continue
    const end = count === archive.rowCount ? archive.rowCount : (to.rows[r] ?? 0) + 1
    const start = end - count
    const push = (first: number, last: number): void => {
      ranges.push({ offset: archive.offset + first * rowBytes, length: (last - first) * rowBytes })
    }
    push(Math.max(start, 0), end)
    if (start < 0) push(archive.rowCount + start, archive.rowCount)
  }
  return ranges
}

/**
 * Rows that updates between two moments reached, complete ones and the one begun, by archive; archives that are
 * cyclic state have no row times. `next` adds so many rows after them: the next update of a file that hasn't got
 * these ones works out its first row over the whole time since its own last update, or leaves it unknown where that
 * is longer than the heartbeat.
 */
export const rowsTouched = (header: RrdHeader, from: Moment, to: Moment, next: 0 | 1): RowSpan[] =>
  header.archives
    .filter(({ cf }) => !isCyclicState(cf))
    .map(({ cf, span }) => {
      const first = Math.floor(from.lastUpdate / span) + 1
      const last = Math.max(Math.ceil(to.lastUpdate / span), first)
      return { cf, span, from: first * span, to: (last + next) * span }
    })
