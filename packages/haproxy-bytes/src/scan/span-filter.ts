import type { LogClock } from '../clock/index.ts'
import { readEnvelope } from '../envelope/index.ts'
import type { TimeSpan } from '../totals/index.ts'
import { type Reading, readStamp } from '../transfer/index.ts'

/**
 * Which lines of a log belong to a span of time. A transfer does by its end. Any other line does by its stamp, and one
 * without by the line before it; at the very beginning of a log such a line is let through, as nothing speaks against it.
 */
export class SpanFilter {
  readonly #since: number
  readonly #until: number
  readonly #clock: LogClock
  #inside: boolean

  /** @param inside the line before those that come belongs to the span; at the beginning of a log it is true */
  constructor({ since, until }: TimeSpan, clock: LogClock, inside: boolean) {
    this.#since = since ?? Number.NEGATIVE_INFINITY
    this.#until = until ?? Number.POSITIVE_INFINITY
    this.#clock = clock
    this.#inside = inside
  }

  takes(reading: Reading, bytes: Uint8Array, from: number, to: number): boolean {
    const instant = instantOf(reading, this.#clock, bytes, from, to)
    if (instant !== undefined) this.#inside = instant >= this.#since && instant < this.#until
    return this.#inside
  }
}

/** The end of a transfer; of another line its stamp. Milliseconds of UTC. */
export function instantOf(
  reading: Reading,
  clock: LogClock,
  bytes: Uint8Array,
  from: number,
  to: number,
): number | undefined {
  if (reading.kind === 'transfer') return reading.transfer.instant
  const stamp = readStamp(bytes, readEnvelope(bytes, from, to))
  return stamp && clock.instant(stamp)
}
