import type { Config } from '../config/index.ts'
import { type Column, type Snapshot, subtract } from '../counters/index.ts'
import { comparedProxies, summedCounters, totalsOf } from './compared-proxies.ts'
import type { DirectionGap } from './proxy-gap.ts'
import type { IncomparableReason } from './span.ts'
import type { Tally } from './tally.ts'
import { DEFAULT_TOLERANCE } from './tolerance.ts'

/** From one snapshot to the next. */
export interface GapInterval {
  /** ms of UTC */
  readonly from: number
  readonly to: number
  /** Why the two can't be subtracted; then there is nothing else. */
  readonly incomparable?: IncomparableReason
  readonly lines: number
  readonly lost: boolean
  readonly out?: DirectionGap
  readonly in?: DirectionGap
  /** Of all frontends: `comp_in` and `comp_out` say what compression saved, `h1_bytes_out` the wire where it is true. */
  readonly counts: Readonly<Partial<Record<Column, bigint>>>
}

/**
 * The gap between log and counters from each snapshot to the next, for a picture. Snapshots without a time are in none.
 * @param tally whose bounds are the times of these snapshots
 */
export function gapsOverTime(tally: Tally, snapshots: readonly Snapshot[], config?: Config): GapInterval[] {
  const timed = snapshots.filter((one): one is Snapshot & { time: number } => one.time !== undefined)
  return timed.slice(1).map((after, index): GapInterval => {
    const before = timed[index] as (typeof timed)[number]
    const span = { from: before.time, to: after.time }
    const delta = subtract(before, after)
    if (!delta.comparable) return { ...span, incomparable: delta.why, lines: 0, lost: false, counts: {} }
    const bracket = { before, after, span, delta, sinceStart: false }
    const proxies = comparedProxies({ tally, unread: 0, config, tolerance: DEFAULT_TOLERANCE }, bracket)
    return {
      ...span,
      lines: proxies.reduce((sum, { lines }) => sum + lines, 0),
      lost: proxies.some(({ lost }) => lost),
      ...totalsOf(proxies),
      counts: summedCounters(delta.proxies.filter(({ service }) => service === 'FRONTEND')).counts,
    }
  })
}
