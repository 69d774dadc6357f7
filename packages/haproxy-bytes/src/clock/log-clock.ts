import type { WrittenTime } from './written-time.ts'
import type { Zone } from './zone.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** A stamp comes after what it stamps, but for clocks that differ; relays make it later. */
const AHEAD = MINUTE
const LATE = 60 * MINUTE

/** Turns times as logs write them into instants. */
export class LogClock {
  readonly #zone: Zone
  /** What the file's last line can't be later than, ms of UTC: from it stamps without a year get theirs. */
  readonly #newest: () => number
  #twice = 0

  /** @param newest the time of the last line, ms of UTC, or a little later; a function for a log that grows */
  constructor(zone: Zone, newest: number | (() => number)) {
    this.#zone = zone
    this.#newest = typeof newest === 'number' ? () => newest : newest
  }

  /** Times that occurred twice and were taken for the earlier. */
  get ambiguous(): number {
    return this.#twice
  }

  /**
   * @param hint gives about the instant, by another stamp of the same line: by it a time that occurred twice is decided
   */
  instant({ local, offset, year }: WrittenTime, hint?: () => number | undefined): number {
    if (offset !== undefined) return local - offset * MINUTE
    return this.#instantOf(year === undefined ? this.#withYear(local) : local, hint)
  }

  /** The local time of an instant, as `2026-11-21T11:34:52`. */
  localTime(instant: number): string {
    return new Date(instant + this.#zone.offsetAt(instant)).toISOString().slice(0, 19)
  }

  #instantOf(local: number, hint: (() => number | undefined) | undefined): number {
    const instants = this.#zone.instantsOf(local)
    if (instants.length === 1) return instants[0] as number
    const about = hint?.()
    const hinted = instants.findLast(
      (instant) => about !== undefined && instant - AHEAD <= about && about < instant + LATE,
    )
    if (hinted !== undefined) return hinted
    this.#twice++
    return instants[0] as number
  }

  /** The latest year in which it isn't after the newest: a log of December that is read in January is last year's. */
  #withYear(local: number): number {
    const date = new Date(local)
    const newest = this.#newest() + DAY
    const latest = new Date(newest).getUTCFullYear()
    for (let year = latest; year > latest - 9; year--) {
      const candidate = Date.UTC(
        year,
        date.getUTCMonth(),
        date.getUTCDate(),
        date.getUTCHours(),
        date.getUTCMinutes(),
        date.getUTCSeconds(),
      )
      // The 29th of February is not in every year. A day of slack for clocks that are ahead, and for zones.
      if (new Date(candidate).getUTCDate() === date.getUTCDate() && candidate <= newest) return candidate
    }
    return local
  }
}
