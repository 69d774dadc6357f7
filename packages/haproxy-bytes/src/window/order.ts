import type { Zone } from '../clock/index.ts'

/**
 * HAProxy writes a line when its transfer ends; threads and the hops of syslog shuffle lines by up to this, ms. Stamps
 * in whole seconds may be a second less than the times beside them.
 */
export const SHUFFLED = 2000 + 1000
const DAY = 26 * 3_600_000

/** How far back in time a line may lie behind one before it, ms: near a change of the clocks local times do by more. */
export function slackAt(instant: number, zone: Zone): number {
  return SHUFFLED + Math.max(0, zone.offsetAt(instant - DAY) - zone.offsetAt(instant + DAY))
}

export interface Disorder {
  readonly offset: number
  /** ms behind a line before it. */
  readonly behind: number
}

/** Watches instants in the order of their lines. */
export class OrderWatch {
  readonly #zone: Zone
  #latest = Number.NEGATIVE_INFINITY
  #disorder: Disorder | undefined

  constructor(zone: Zone) {
    this.#zone = zone
  }

  /** The first line that is further out of order than a search can bear. */
  get disorder(): Disorder | undefined {
    return this.#disorder
  }

  see(instant: number, offset: number): void {
    if (this.isBehind(instant)) this.#disorder ??= { offset, behind: this.#latest - instant }
    else this.#latest = Math.max(this.#latest, instant)
  }

  isBehind(instant: number): boolean {
    const behind = this.#latest - instant
    return behind > SHUFFLED && behind > slackAt(instant, this.#zone)
  }
}
