import { IntervalSet } from './interval-set.ts'

/** Numbers that were never seen, between two that were. */
export interface CounterGap {
  readonly first: number
  readonly last: number
  /** Instants of the lines beside it, ms of UTC. */
  readonly from: number
  readonly until: number
  /** Of its numbers, how many another line may have taken: with several threads two may get one number (see below). */
  readonly doubtful: number
}

/** After so many remembered places those that are no edges any more are forgotten. */
const MOST_MARKS = 50_000
/** The first instant of every so many numbers is kept, so that one that comes again can be told from a new count. */
const BLOCK = 1024
/** Lines may overtake each other by so much, ms. */
const DISORDER = 2000
/** Of a new process so many lines may be missing at its start; beyond that it is a clock that was set back. */
const MOST_AT_START = 10_000
/** Threads that may take the same number at once. */
const THREADS = 64

/**
 * The numbers that one counter of one process gave to lines (%lc, %rt). Order of lines doesn't matter, but for a new
 * count. HAProxy reads the counter when it builds a line and adds one when it sends it (src/log.c), so that two threads
 * could write the same number, and the next one would be missing though no line is (not seen in 48,000 requests over
 * four threads of 2.6.12): a number that was written twice makes a missing one doubtful.
 */
export class CounterTrack {
  readonly #numbers = new IntervalSet()
  readonly #marks = new Map<number, number>()
  readonly #doubled = new Map<number, number>()
  readonly #blocks = new Map<number, number>()
  #last = -1
  #lastInstant = 0
  #newest = Number.NEGATIVE_INFINITY
  #oldest = Number.POSITIVE_INFINITY
  #lines = 0
  #highest = -1

  get lines(): number {
    return this.#lines
  }

  get highest(): number {
    return this.#highest
  }

  get oldest(): number {
    return this.#oldest
  }

  get newest(): number {
    return this.#newest
  }

  add(value: number, instant: number): void {
    const before = this.#numbers.repeated
    this.#numbers.add(value)
    this.#lines++
    if (this.#numbers.repeated > before && this.#doubled.size < MOST_MARKS)
      this.#doubled.set(value, (this.#doubled.get(value) ?? 0) + 1)
    if (value !== this.#last + 1) {
      if (this.#last >= 0) this.#marks.set(this.#last, this.#lastInstant)
      this.#marks.set(value, instant)
      if (this.#marks.size > MOST_MARKS) this.#forget()
    }
    const block = Math.floor(value / BLOCK)
    if (!this.#blocks.has(block)) this.#blocks.set(block, instant)
    this.#last = value
    this.#lastInstant = instant
    this.#highest = Math.max(this.#highest, value)
    this.#newest = Math.max(this.#newest, instant)
    this.#oldest = Math.min(this.#oldest, instant)
  }

  /** Whether a line with this number, of this instant, can't be of this count: numbers and times would disagree. */
  isOver(value: number, instant: number): boolean {
    if (value > this.#highest) return instant < this.#newest - DISORDER
    if (value === this.#highest || instant < this.#newest) return false
    const next = this.#blocks.get(Math.floor(value / BLOCK) + 1)
    if (next !== undefined) return instant > next + DISORDER
    // Few lines so far: a first number again is enough, another one only after a pause.
    if (value === 0) return this.#oldest < instant
    return value < this.#highest - THREADS && instant > this.#newest + DISORDER
  }

  /** @param fromZero the count is known to have begun within these logs */
  gaps(fromZero = false): CounterGap[] {
    const [first] = this.#numbers.intervals()
    // Each number that was written twice stands for one that is missing, at most.
    const doubled = this.isDoubled ? new Map<number, number>() : new Map(this.#doubled)
    const gaps = this.#numbers.gaps().map(([begin, end]) => this.#gap(begin, end, doubled))
    const start = first?.[0] ?? 0
    if (!fromZero || start === 0 || start > MOST_AT_START) return gaps
    return [{ first: 0, last: start - 1, from: this.#oldest, until: this.#oldest, doubtful: 0 }, ...gaps]
  }

  /** Most lines came twice: the log was read twice, or is written by two targets. */
  get isDoubled(): boolean {
    return this.#numbers.repeated * 4 > this.#lines
  }

  #gap(first: number, last: number, doubled: Map<number, number>): CounterGap {
    const missing = last - first + 1
    let doubtful = 0
    for (let value = first - 1; value >= Math.max(0, first - THREADS) && doubtful < missing; value--) {
      doubtful += doubled.get(value) ?? 0
      doubled.delete(value)
    }
    return {
      first,
      last,
      from: this.#marks.get(first - 1) ?? this.#oldest,
      until: this.#marks.get(last + 1) ?? this.#newest,
      doubtful: Math.min(doubtful, missing),
    }
  }

  #forget(): void {
    const edges = new Set(this.#numbers.intervals().flat())
    for (const value of this.#marks.keys()) if (!edges.has(value)) this.#marks.delete(value)
  }
}
