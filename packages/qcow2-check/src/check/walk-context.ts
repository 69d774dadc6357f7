import type { Image } from '../image/image.ts'
import type { CellStore } from './counters/cell-store.ts'
import type { FindingCollector } from './finding-collector.ts'
import type { L1Root } from './l1-roots.ts'
import type { MetadataReader } from './metadata-reader.ts'
import type { ReferenceCounter } from './reference-counter.ts'
import type { Tally } from './tally.ts'

/** What the passes of one survey share. */
export interface WalkContext {
  readonly image: Image
  readonly roots: readonly L1Root[]
  readonly reader: MetadataReader
  readonly findings: FindingCollector
  readonly tally: Tally
  readonly store: CellStore
  readonly counter: ReferenceCounter
  /** The walk was given up, so that the counters don't tell all. */
  cut: boolean
  /** Bytes of tables that were walked, of those known so far. */
  readonly progress: (done: number, total: number) => void
}
