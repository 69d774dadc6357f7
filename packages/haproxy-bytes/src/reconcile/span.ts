import {
  type Delta,
  type Incomparable,
  type Snapshot,
  snapshotAfter,
  snapshotBefore,
  subtract,
} from '../counters/index.ts'
import type { TimeSpan } from '../totals/index.ts'
import type { Span } from './tally.ts'

/**
 * Why a log can't be held against counters: those of `subtract`; `not-covered`: no snapshot before it, and it begins
 * later than the process; `no-start`: a count alone, of which nobody says since when; `no-counters`: the log has a proxy that the snapshots don't; `one-snapshot`: the same one is the nearest on both sides; `swapped`, `own-replies-zero`,
 * `logasap`: this log doesn't count what went through.
 */
export type IncomparableReason =
  | Incomparable
  | 'not-covered'
  | 'no-start'
  | 'no-counters'
  | 'one-snapshot'
  | 'swapped'
  | 'own-replies-zero'
  | 'logasap'

/** What a log is held against. */
export interface CountersGiven {
  /** In the order they were taken. None: since the process began. */
  readonly before: readonly Snapshot[]
  readonly after: readonly Snapshot[]
}

export interface Bracket {
  readonly before: Snapshot
  readonly after: Snapshot
  /** Which lines are held against them. */
  readonly span: Span
  readonly delta: Delta
  /** The earlier ones are those of the process's start, at which everything is 0. */
  readonly sinceStart: boolean
}

/** Instants of all snapshots that may be chosen, for a `Tally`. */
export function boundsOf({ before, after }: CountersGiven): number[] {
  const starts = before.length === 0 ? after.map(startOf) : []
  return [...before.map(({ time }) => time), ...after.map(({ time }) => time), ...starts].filter(
    (time) => time !== undefined,
  )
}

/**
 * Chooses two snapshots around a log: the last one before its first line's end, the first one after its last's. Where
 * the log reaches beyond them, the nearest ones are taken, and the lines between them. Undefined where nothing tells
 * since when the counters count.
 * @param first @param last ends of the first and the last transfer, ms of UTC
 */
export function bracket(
  given: CountersGiven,
  first: number | undefined,
  last: number | undefined,
): Bracket | undefined {
  const after = (last === undefined ? undefined : snapshotAfter(given.after, last)) ?? given.after.at(-1)
  if (after === undefined) return undefined
  const sinceStart = given.before.length === 0
  const before = sinceStart
    ? atStart(after)
    : ((first === undefined ? undefined : snapshotBefore(given.before, first)) ?? given.before[0])
  if (before === undefined) return undefined
  return {
    before,
    after,
    span: { from: before.time, to: after.time },
    delta: subtract(before, after),
    sinceStart,
  }
}

/**
 * Which lines to read where only a span of time is asked for: all that the snapshots around it count, so that nothing
 * is missing at its ends.
 */
export function spanToRead(given: CountersGiven, { since, until }: TimeSpan): TimeSpan {
  const around = bracket(given, since, until)
  return {
    since: earlier(since, around?.before.time),
    until: later(until, around?.after.time),
  }
}

const earlier = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : Math.min(a, b)
const later = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : Math.max(a, b)

/** ms of UTC; by the uptime where only that is told. */
function startOf({ startTime, time, uptime }: Snapshot): number | undefined {
  if (startTime !== undefined) return startTime * 1000
  return time !== undefined && uptime !== undefined ? time - uptime * 1000 : undefined
}

function atStart(after: Snapshot): Snapshot | undefined {
  const time = startOf(after)
  if (time === undefined) return undefined
  const { pid, startTime } = after
  return {
    time,
    ...(pid !== undefined && { pid }),
    ...(startTime !== undefined && { startTime }),
    proxies: [],
  }
}
