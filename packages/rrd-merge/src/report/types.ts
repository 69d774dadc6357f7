import type { ArchiveReport, DataSourceReport } from '../merge/index.ts'
import type { Warning } from './warning.ts'

/**
 * What became of one file.
 * `merged`: cells were filled (or, on a dry run, would be). `unchanged`: nothing to do, not even a rewrite.
 * `copied`: only OLD has it. `skipped`: left alone on purpose (a symbolic link, a special file, only in NEW).
 * `failed`: refused or broken; `error` says why, and the target is untouched.
 */
export type FileStatus = 'merged' | 'unchanged' | 'copied' | 'skipped' | 'failed'

/** One file of a merge, as the library gives it and `--json` prints it. */
export interface FileReport {
  /** The target's path as given; in a tree, relative to its root. */
  readonly path: string
  /** The exact bytes of `path`, where they aren't UTF-8. */
  readonly pathBase64?: string
  readonly status: FileStatus
  /** Cells that took a value. */
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
  readonly error?: { readonly code: string; readonly message: string; readonly remedy?: string }
  /** Milliseconds this file took. */
  readonly ms: number
}

/** Files by status, and cells. */
export interface Totals {
  readonly merged: number
  readonly unchanged: number
  readonly copied: number
  readonly skipped: number
  readonly failed: number
  readonly filled: number
}
