import type { MergeReport } from '../merge/index.ts'

/**
 * What became of one file.
 * `merged`: cells were filled (or, on a dry run, would be). `unchanged`: nothing to do, not even a rewrite; also what
 * only NEW has. `copied`: only OLD has it. `skipped`: left alone on purpose (a symbolic link, a special file).
 * `failed`: refused or broken; `error` says why, and the target is untouched.
 */
export type FileStatus = 'merged' | 'unchanged' | 'copied' | 'skipped' | 'failed'

/** One file of a merge, as the library gives it and `--json` prints it. */
export interface FileReport extends MergeReport {
  /** The target's path as given; in a tree, relative to its root. */
  readonly path: string
  /** The exact bytes of `path`, where they aren't UTF-8. */
  readonly pathBase64?: string
  readonly status: FileStatus
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
