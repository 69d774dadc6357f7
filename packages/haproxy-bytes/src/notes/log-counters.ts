import { IntervalSet } from '../loss/index.ts'

/** Whose counter it is: one frontend of one process. */
export interface CounterKey {
  readonly host: string | null
  /** Null where the envelope tells none: then a reload can't be told from a gap. */
  readonly pid: number | null
  readonly frontend: string
}

/** A frontend of which numbers are missing between the first and the last. */
export interface CounterGap extends CounterKey {
  readonly lines: number
}

/** Real logs have some frontends and some reloads; what has more counts something else. */
const MOST_COUNTERS = 4096
const MOST_INTERVALS = 65_536

/**
 * Numbers of `%lc`, which HAProxy counts up with each line it writes for a frontend: a number that is in no log belongs
 * to a line that was lost.
 */
export class LogCounters {
  readonly #sets = new Map<string, IntervalSet>()
  #intervals = 0
  #unusable = false

  add(key: CounterKey, number: number): void {
    this.#set(key)?.add(number)
  }

  /** The same for many numbers of one log. */
  addAll(key: CounterKey, intervals: readonly (readonly [first: number, last: number])[]): void {
    this.#set(key)?.merge(IntervalSet.from(intervals))
  }

  merge(key: CounterKey, intervals: readonly (readonly [first: number, last: number])[]): void {
    this.#intervals += intervals.length
    this.addAll(key, intervals)
  }

  /** By key, in an order of its own. */
  entries(): [CounterKey, [first: number, last: number][]][] {
    if (this.#unusable) return []
    return [...this.#sets]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, set]) => [keyOf(name), set.intervals()])
  }

  gaps(): CounterGap[] {
    return this.entries().flatMap(([key, intervals]) => {
      const [first, last] = [intervals[0]?.[0] ?? 0, intervals.at(-1)?.[1] ?? -1]
      const seen = intervals.reduce((sum, [from, to]) => sum + to - from + 1, 0)
      const lines = last - first + 1 - seen
      return lines > 0 ? [{ ...key, lines }] : []
    })
  }

  #set({ host, pid, frontend }: CounterKey): IntervalSet | undefined {
    if (this.#unusable) return undefined
    const name = JSON.stringify([host, pid, frontend])
    const known = this.#sets.get(name)
    if (known) return known
    if (this.#sets.size >= MOST_COUNTERS || this.#intervals > MOST_INTERVALS) {
      this.#unusable = true
      this.#sets.clear()
      return undefined
    }
    const set = new IntervalSet()
    this.#sets.set(name, set)
    return set
  }
}

function keyOf(name: string): CounterKey {
  const [host, pid, frontend] = JSON.parse(name) as [string | null, number | null, string]
  return { host, pid, frontend }
}
