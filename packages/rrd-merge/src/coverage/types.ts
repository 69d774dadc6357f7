/** A half-open stretch of time in seconds since 1970: (from, to], as rows cover time. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

/** A time axis that all strips of a picture share: older columns are wider (see axis.ts). */
export interface Axis extends TimeRange {
  /** Column i covers (edges[i], edges[i + 1]]; whole seconds, ascending, one more than there are columns. */
  readonly edges: readonly number[]
}

/**
 * A run of rows in which something is unknown. It covers the time (from, to].
 *
 * Data sources that the archive never knew are left out of the question (`ArchiveCoverage.neverKnown`): one dead
 * data source would otherwise make a single gap of the whole archive and hide every hole of the others.
 */
export interface Gap extends TimeRange {
  readonly rows: number
  /** Unknown cells in these rows, of the data sources that count. */
  readonly cells: number
  /** `all`: every data source is unknown in every row; `some`: at least one is known in each row. */
  readonly extent: 'all' | 'some'
  /**
   * `before`: reaches back to the archive's first row (nothing was recorded yet); `hole`: known rows on both
   * sides; `since`: reaches to the last row (recording stopped); `whole`: the archive knows nothing at all.
   */
  readonly position: 'before' | 'hole' | 'since' | 'whole'
  /** The data sources concerned, at most 16, in the file's order. */
  readonly dataSources: readonly string[]
}

/** What one archive knows. Counts are cells (a data source in a row) unless they say rows. */
export interface ArchiveCoverage {
  /** Position in the file. */
  readonly index: number
  readonly cf: string
  /** Seconds a row covers. */
  readonly span: number
  readonly rows: number
  /** SEASONAL, DEVSEASONAL, FAILURES: rows are state that repeats, not history; no times, no gaps, no strip. */
  readonly cyclic: boolean
  /** Row times: each the END of the interval that the row covers. Null for cyclic archives. */
  readonly firstRow: number | null
  readonly lastRow: number | null
  /** First and last row in which anything is known; null where nothing is. */
  readonly firstKnown: number | null
  readonly lastKnown: number | null
  readonly cells: number
  readonly known: number
  /** known / cells, 0 to 1. */
  readonly share: number
  /** Data sources of which the archive holds no known cell, though it knows others. */
  readonly neverKnown: readonly string[]
  /** The longest gaps, in order of time; `gapCount` says how many there are in all. */
  readonly gaps: readonly Gap[]
  readonly gapCount: number
  /** Share known of each column's time, 0 to 1; null where the archive has no row. Empty for cyclic archives. */
  readonly strip: readonly (number | null)[]
}

/** What one file knows. */
export interface Coverage {
  /** Seconds of a primary data point. */
  readonly step: number
  /** Seconds since 1970. */
  readonly lastUpdate: number
  readonly dataSources: readonly string[]
  readonly axis: Axis
  readonly archives: readonly ArchiveCoverage[]
  /** Cells of all archives that hold history (cyclic ones don't count). */
  readonly cells: number
  readonly known: number
  readonly share: number
}

/** An archive before, in the old files, and after a merge. */
export interface MergedArchive {
  readonly before: ArchiveCoverage | null
  /** One entry for each old file, in the order given; null where it has no archive of this CF and span. */
  readonly olds: readonly (ArchiveCoverage | null)[]
  readonly after: ArchiveCoverage
  /** Rows that know more, or less, data sources than before. */
  readonly gainedRows: number
  readonly lostRows: number
  readonly gainedCells: number
}

/** What a merge did to the coverage of a file. */
export interface MergeCoverage {
  readonly lastUpdate: number
  readonly dataSources: readonly string[]
  readonly axis: Axis
  readonly archives: readonly MergedArchive[]
  readonly cells: number
  readonly known: number
  readonly share: number
}
