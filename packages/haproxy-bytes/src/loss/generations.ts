import { CounterTrack } from './counter-track.ts'

/** Whose counter it is: of one frontend in one process (%lc), or of the process (%rt, no frontend). */
export interface CounterOwner {
  readonly host?: string
  readonly pid?: number
  readonly frontend?: string
}

/** A count from its beginning at 0 to a reload or restart, or as much of it as the logs show. */
export interface Generation {
  readonly owner: CounterOwner
  readonly track: CounterTrack
}

/** Names come from the log: no more owners than this are followed. */
const MOST = 10_000

/**
 * Parts numbers of %lc or %rt by process. Over a reload the old process finishes its transfers while the new one counts
 * from 0; the pid tells them apart, and where the log has none (or a container has the same again) the numbers do.
 */
export class Generations {
  readonly #byOwner = new Map<string, Generation[]>()
  #count = 0
  #complete = true

  /** False where there were too many to follow: what isn't followed shows no gaps. */
  get complete(): boolean {
    return this.#complete
  }

  add(owner: CounterOwner, value: number, instant: number): void {
    const { host = '', pid = '', frontend = '' } = owner
    const name = `${host}\n${frontend}\n${pid}`
    const known = this.#byOwner.get(name) ?? []
    const nearest = nearestTo(known, value, instant)
    if (nearest) nearest.track.add(value, instant)
    else {
      if (this.#count >= MOST) {
        this.#complete = false
        return
      }
      this.#count++
      const track = new CounterTrack()
      track.add(value, instant)
      known.push({ owner, track })
      this.#byOwner.set(name, known)
    }
  }

  all(): Generation[] {
    return [...this.#byOwner.values()].flat()
  }

  /** Whether its beginning lies within the logs: an older one of the same frontend has lines before it. */
  isBegun({ owner, track }: Generation): boolean {
    return this.all().some(
      (other) =>
        other.owner.host === owner.host &&
        other.owner.frontend === owner.frontend &&
        other.track.oldest < track.oldest,
    )
  }
}

/** Of several counts that a number may belong to, the one that it continues. */
function nearestTo(
  generations: readonly Generation[],
  value: number,
  instant: number,
): Generation | undefined {
  let best: Generation | undefined
  let apart = Number.POSITIVE_INFINITY
  for (const generation of generations) {
    const { track } = generation
    if (track.isOver(value, instant)) continue
    const distance = Math.abs(value - track.highest - 1)
    if (distance < apart) [best, apart] = [generation, distance]
  }
  return best
}
