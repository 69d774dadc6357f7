import type { FileOptions } from '../file/options.ts'
import type { Warning } from '../report/warning.ts'
import type { Shard } from './shard.ts'

/** How trees are paired, beside how their files are merged. Every option may be left out. */
export interface TreeOptions extends FileOptions {
  /** Shell patterns of further names to take beside `*.rrd`. */
  readonly include?: readonly string[]
  /** Shell patterns of files and folders to leave. */
  readonly exclude?: readonly string[]
  /** Links are followed where they stay within their tree. */
  readonly followSymlinks?: boolean
  /** Leaves what only OLDs have instead of copying it. */
  readonly onlyCommon?: boolean
  /** Does one of N parts of the tree. */
  readonly shard?: Shard
  /** Threads; default the machine's processors. 1: the caller's thread alone. */
  readonly jobs?: number
  /** Told once what concerns the whole run. */
  readonly onWarning?: (warning: Warning) => void
  /** Told when the trees are paired: how many files there are. */
  readonly onPaired?: (files: number) => void
}
