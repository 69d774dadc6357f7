import type { Rrd } from '../format/types.ts'
import type { DirtyPages } from './dirty-pages.ts'
import type { MergeOptions } from './options.ts'
import type { StructurePairing } from './pair-structure.ts'

/** One merge under way. */
export interface MergeRun {
  readonly target: Rrd
  readonly olds: readonly Rrd[]
  readonly pairing: StructurePairing
  readonly options: MergeOptions
  /** Where it is of interest which pages change. */
  readonly dirty: DirtyPages | undefined
}
