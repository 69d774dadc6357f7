import type { Warning } from '../report/warning.ts'

/** How a value came from a source archive to a cell of the target. */
export type Method = 'exact' | 'consolidated' | 'derived-cf' | 'resampled' | 'expanded'

/** One archive of an OLD that gave cells to an archive of NEW. */
export interface SourceReport {
  /** Position of the OLD in the list given, from 0. */
  readonly old: number
  readonly cf: string
  /** Seconds a row of the source covers. */
  readonly span: number
  readonly how: Method
  /** Cells of the target that changed because of this source. */
  readonly cells: number
}

/** What became of one archive. Counts are cells; times are row times in seconds since 1970. */
export interface ArchiveReport {
  readonly cf: string
  readonly span: number
  readonly rows: number
  /** Unknown cells that took a known value. */
  readonly filled: number
  /** Known cells whose value changed (never with the default options). */
  readonly replaced: number
  /** Known cells that became unknown (`cut`, `nan: propagate`, `rangeCheck`). */
  readonly erased: number
  readonly stillUnknown: number
  /** Times of the first and last row that changed; null where none did. */
  readonly from: number | null
  readonly to: number | null
  /** Where the cells came from, by position of the OLD, then in the order asked. */
  readonly sources: readonly SourceReport[]
}

/** Names of NEW's data sources as they met those of all OLDs. */
export interface DataSourceReport {
  /** Known to at least one OLD. */
  readonly matched: readonly string[]
  /** NEW's, known to no OLD. */
  readonly missing: readonly string[]
  /** Only in an OLD; appended where `addDs` was given. */
  readonly extra: readonly string[]
  /** Appended to NEW by `addDs`. */
  readonly added: readonly string[]
}

/** What a merge did, or a plan would do. Counts are cells. */
export interface MergeReport {
  /** Unknown cells that took a value. */
  readonly filled: number
  /** Known cells whose value changed: never with the default options. */
  readonly replaced: number
  /** Known cells that became unknown: never with the default options. */
  readonly erased: number
  /** Cells still unknown after the merge, in archives that hold history. */
  readonly stillUnknown: number
  readonly rras: readonly ArchiveReport[]
  readonly ds: DataSourceReport
  readonly warnings: readonly Warning[]
}
