import type { Ledger } from '../loss/index.ts'
import type { RangeTotal } from '../model/index.ts'
import type { IncomparableReason } from '../reconcile/index.ts'
import type { Interval } from './time-grid.ts'

/** What of a sum of the wire a picture needs. */
export type WireBytes = Pick<RangeTotal, 'kind' | 'value' | 'low' | 'high'>

/** Bytes to clients by the lines that ended in an interval. */
export interface LoggedInterval extends Interval {
  readonly requests: number
  readonly logged: bigint
  readonly wire: WireBytes
  /** Something tells that lines of this interval may have been lost. */
  readonly lossy: boolean
}

/** Bytes to clients between two snapshots, of the frontends that the log has. */
export interface CountedInterval extends Interval {
  readonly lines: number
  readonly logged: bigint
  /** `bout`; undefined where the two can't be subtracted. */
  readonly counted?: bigint
  /** `h1_bytes_out`, where it is what went over sockets. */
  readonly sockets?: bigint
  readonly incomparable?: IncomparableReason
}

/** How far a log is from the wire, over time. Instants are ms of UTC. */
export interface GapChart {
  /** In order of time, without a hole. */
  readonly intervals: readonly LoggedInterval[]
  readonly counted: readonly CountedInterval[]
  /** Of lines that were lost. */
  readonly ledger: Ledger
  readonly totals: { readonly requests: number; readonly logged: bigint; readonly wire: WireBytes }
  /** Transfers whose line shows no time: they are in the totals only. */
  readonly timeless: number
}
