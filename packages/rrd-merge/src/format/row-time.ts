import type { Archive, RrdHeader } from './types.ts'

/** END of the interval of the row written last (row `currentRow`), seconds since 1970. */
export const lastRowTime = (archive: Archive, header: RrdHeader): number =>
  header.lastUpdate - (header.lastUpdate % archive.span)

/** END of the interval of the oldest row, seconds since 1970; negative where the archive reaches back before. */
export const firstRowTime = (archive: Archive, header: RrdHeader): number =>
  lastRowTime(archive, header) - (archive.rowCount - 1) * archive.span

/** Physical index of the oldest row: the one after the row written last. */
export const oldestRow = (archive: Archive): number => (archive.currentRow + 1) % archive.rowCount

/** END of the interval that physical row `row` (0 to rowCount - 1) covers: (time - span, time]. */
export const rowTime = (archive: Archive, header: RrdHeader, row: number): number => {
  const age = (archive.currentRow - row + archive.rowCount) % archive.rowCount
  return lastRowTime(archive, header) - age * archive.span
}

/** Physical row whose interval ends at `time`, or -1 where the archive has none: outside, or not on its grid. */
export const physicalRow = (archive: Archive, header: RrdHeader, time: number): number => {
  const behind = lastRowTime(archive, header) - time
  const age = behind / archive.span
  if (behind < 0 || age >= archive.rowCount || !Number.isInteger(age)) return -1
  return (archive.currentRow - age + archive.rowCount) % archive.rowCount
}

/** Physical rows from `start` (included) to `end`, `time` being the END of row `start`'s interval. */
export interface RowRun {
  readonly start: number
  readonly end: number
  readonly time: number
}

/** All rows by time, oldest first, as one or two runs of consecutive physical rows. */
export const rowRuns = (archive: Archive, header: RrdHeader): RowRun[] => {
  const oldest = oldestRow(archive)
  const first = firstRowTime(archive, header)
  const runs = [{ start: oldest, end: archive.rowCount, time: first }]
  if (oldest > 0)
    runs.push({ start: 0, end: oldest, time: first + (archive.rowCount - oldest) * archive.span })
  return runs
}
