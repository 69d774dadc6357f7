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
  /** Its beginning lies within the logs: an older one of the same frontend has lines before it. */
  readonly begun: boolean
}

/** Names come from the log: no more owners than this are followed. */
const MOST = 10_000

/**
 * Parts numbers of %lc or %rt by process. Over a reload the old process finishes its transfers while the new one counts
 * from 0; the pid tells them apart, and where the log has none (or a container has the same again) the numbers do.
 */
export class Generations {
  readonly #byOwner = new Map<string, Generation[]>()
  /** Instants of the first line by host and frontend, over all processes. */
  readonly #firstSeen = new Map<string, number>()
  #count = 0
  #complete = true

  /** False where there were too many to follow: what isn't followed shows no gaps. */
  get complete(): boolean {
    return this.#complete
  }

  add(owner: CounterOwner, value: number, instant: number): void {
    const { host = '', pid = '', frontend = '' } = owner
    const place = `${host}\n${frontend}`
    const name = `${place}\n${pid}`
    const known = this.#byOwner.get(name) ?? []
    const nearest = nearestTo(known, value, instant)
    if (nearest) nearest.track.add(value, instant)
    else {
      if (this.#count >= MOST) {
        this.#complete = false
        return
      }
      this.#count++
      const first = this.#firstSeen.get(place)
      const track = new CounterTrack()
      track.add(value, instant)
      known.push({ owner, track, begun: first !== undefined && first < instant })
      this.#byOwner.set(name, known)
      if (first === undefined) this.#firstSeen.set(place, instant)
    }
  }

  all(): Generation[] {
    return [...this.#byOwner.values()].flat()
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
