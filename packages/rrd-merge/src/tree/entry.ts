import type { FileName } from '@nightshift/tooling/files'
import type { RrdError } from '../format/index.ts'

/** Where one path of a tree really lies: below which root (an index into the roots), by which path. */
export interface Located {
  readonly root: number
  readonly path: FileName
}

/**
 * What is to be done about one relative path of a tree merge.
 * `pair`: NEW is filled from the OLDs. `copy`: only OLDs have it. `keep`: only NEW has it. `skip`: left alone, or,
 * with `failure`, not to be had.
 */
export type TreeEntry = WorkEntry | SkipEntry

export type WorkEntry = PairEntry | CopyEntry | KeepEntry

interface Work {
  readonly path: FileName
  /** Names of extended attributes that the result shall keep; absent where there are none. */
  readonly attributes?: readonly string[]
}

export interface PairEntry extends Work {
  readonly kind: 'pair'
  readonly target: Located
  readonly olds: readonly Located[]
}

export interface CopyEntry extends Work {
  readonly kind: 'copy'
  readonly olds: readonly Located[]
}

export interface KeepEntry extends Work {
  readonly kind: 'keep'
  readonly target: Located
}

export interface SkipEntry {
  readonly kind: 'skip'
  readonly path: FileName
  readonly code: string
  readonly message: string
  readonly failure?: RrdError
}
