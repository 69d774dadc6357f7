import type { Rrd } from '../format/types.ts'
import { commonAxis } from './axis.ts'
import { type Measurement, type MeasureOptions, measure } from './measure.ts'
import { stripOf } from './strip.ts'
import type { ArchiveCoverage, Coverage } from './types.ts'

/** How coverage is measured. */
export interface CoverageOptions extends MeasureOptions {
  /** Columns of the strips; default 120. 0 for figures and gaps without strips. */
  readonly columns?: number
}

export const DEFAULT_COLUMNS = 120

/** What a file knows: per archive the share of known cells, the gaps, and a strip over a common time axis. Pure. */
export function coverageOf(rrd: Rrd, options: CoverageOptions = {}): Coverage {
  return coverageOfMeasurement(measure(rrd, options), options)
}

/** As `coverageOf`, of a file that was measured before. */
export function coverageOfMeasurement(
  measurement: Measurement,
  { columns = DEFAULT_COLUMNS }: Pick<CoverageOptions, 'columns'> = {},
): Coverage {
  const { step, lastUpdate, dataSources } = measurement
  const axis = columns > 0 ? commonAxis([measurement], columns) : { from: 0, to: 0, edges: [] }
  const archives = measurement.archives.map((archive) => ({
    ...archive.summary,
    strip: stripOf(archive, axis),
  }))
  return { step, lastUpdate, dataSources, axis, archives, ...totalOf(archives) }
}

/** Known cells of the archives that hold history. */
export function totalOf(archives: readonly ArchiveCoverage[]): {
  cells: number
  known: number
  share: number
} {
  let cells = 0
  let known = 0
  for (const archive of archives) {
    if (archive.cyclic) continue
    cells += archive.cells
    known += archive.known
  }
  return { cells, known, share: cells === 0 ? 1 : known / cells }
}
