import { commonAxis } from './axis.ts'
import { DEFAULT_COLUMNS, totalOf } from './coverage.ts'
import type { MeasuredArchive, Measurement } from './measure.ts'
import { stripOf } from './strip.ts'
import type { ArchiveCoverage, Axis, MergeCoverage, MergedArchive } from './types.ts'

export interface MergedMeasurements {
  /** NEW as it was; measure it before merging, which changes its image in place. */
  readonly before: Measurement
  /** In the order of the command line. */
  readonly olds: readonly Measurement[]
  readonly after: Measurement
}

/** NEW before, the OLDs, and the result on one time axis, archive by archive of the result. Pure. */
export function mergeCoverageOf(
  { before, olds, after }: MergedMeasurements,
  { columns = DEFAULT_COLUMNS }: { readonly columns?: number } = {},
): MergeCoverage {
  const axis = columns > 0 ? commonAxis([before, ...olds, after], columns) : { from: 0, to: 0, edges: [] }
  const findBefore = partners(before)
  const findOlds = olds.map(partners)
  const archives = after.archives.map((archive): MergedArchive => {
    const was = findBefore(archive)
    return {
      before: was && lay(was, axis),
      olds: findOlds.map((find) => {
        const old = find(archive)
        return old && lay(old, axis)
      }),
      after: lay(archive, axis),
      ...gains(was, archive),
    }
  })
  const { lastUpdate, dataSources } = after
  return { lastUpdate, dataSources, axis, archives, ...totalOf(archives.map((archive) => archive.after)) }
}

function lay(archive: MeasuredArchive, axis: Axis): ArchiveCoverage {
  return { ...archive.summary, strip: stripOf(archive, axis) }
}

/** Archives of the same CF and span; where a file has several of them, the n-th belongs to the n-th. */
function partners(measurement: Measurement): (archive: MeasuredArchive) => MeasuredArchive | null {
  const waiting = new Map<string, MeasuredArchive[]>()
  for (const archive of measurement.archives) {
    const key = `${archive.summary.cf} ${archive.summary.span}`
    waiting.set(key, [...(waiting.get(key) ?? []), archive])
  }
  return ({ summary }) => waiting.get(`${summary.cf} ${summary.span}`)?.shift() ?? null
}

/** Compares by row time: `--grow` and `--add-rra` give the result rows that NEW never had. */
function gains(before: MeasuredArchive | null, after: MeasuredArchive) {
  const rows = after.knownPerRow
  if (rows === null) return { gainedRows: 0, lostRows: 0, gainedCells: 0 }
  const { firstRow, span } = after.summary
  const was = before?.knownPerRow ?? new Uint8Array(0)
  const shift = before === null ? 0 : ((firstRow ?? 0) - (before.summary.firstRow ?? 0)) / span
  let gainedRows = 0
  let lostRows = 0
  let gainedCells = 0
  for (let row = 0; row < rows.length; row++) {
    const difference = (rows[row] as number) - (was[row + shift] ?? 0)
    if (difference > 0) gainedRows++
    if (difference < 0) lostRows++
    gainedCells += difference
  }
  return { gainedRows, lostRows, gainedCells }
}
