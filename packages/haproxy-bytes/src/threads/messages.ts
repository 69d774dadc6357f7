import type { LogFormat } from '../log-format/index.ts'
import type { ReadFailure, ScannedLog, ScanWarning } from '../scan/index.ts'
import type { ByteRange, Compression } from '../source/index.ts'
import type { TableParts, TimeSpan } from '../totals/index.ts'

/** What a thread is started with. */
export interface ThreadStart {
  readonly formats: readonly LogFormat[]
  readonly keys: readonly string[]
  /** Name of the zone. */
  readonly zone: string
  readonly span?: TimeSpan
  readonly seek?: boolean
}

/**
 * A log, or a part of it. It is open already: a thread reads by the descriptor, which threads share, so that a rotation
 * can't put another file in its place, and all parts are of one length.
 */
export interface Unit {
  readonly path: string
  readonly descriptor: number
  readonly compression: Compression
  readonly modified: number
  readonly length: number
  readonly piece?: ByteRange
}

export type FromThread =
  /** Bytes of text of the unit at hand. */
  | { readonly kind: 'progress'; readonly bytes: number }
  | {
      readonly kind: 'counted'
      readonly log: ScannedLog
      /** Of a partial result, without its groups. */
      readonly rows: readonly string[]
      readonly groups: TableParts
      readonly failures: readonly ReadFailure[]
      readonly warnings: readonly ScanWarning[]
    }
