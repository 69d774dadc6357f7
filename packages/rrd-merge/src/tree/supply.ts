import type { NumberedEntry } from './thread-messages.ts'

/** Entries a thread is given at a time at most: not to wait for messages. Towards the end fewer: to end together. */
export const LARGEST_HANDFUL = 16

/** What is still to be given to a thread. */
export class Supply {
  readonly #entries: readonly NumberedEntry[]
  readonly #byKey: ReadonlyMap<number, NumberedEntry>
  readonly #threads: number
  readonly #signal: AbortSignal
  readonly #large: NumberedEntry[] = []
  #next = 0

  /** @param signal once aborted, nothing is given any more */
  constructor(entries: readonly NumberedEntry[], threads: number, signal: AbortSignal) {
    this.#entries = entries
    this.#byKey = new Map(entries.map((entry) => [entry.key, entry]))
    this.#threads = threads
    this.#signal = signal
  }

  get stopped(): boolean {
    return this.#signal.aborted
  }

  /** The next handful; none where all are given out. */
  next(): readonly NumberedEntry[] {
    if (this.stopped) return []
    const left = this.#entries.length - this.#next
    const count = Math.min(LARGEST_HANDFUL, Math.ceil(left / (4 * this.#threads)))
    const handful = this.#entries.slice(this.#next, this.#next + count)
    this.#next += count
    return handful
  }

  /** Notes an entry for the end: it is too large to be merged beside others. */
  tooLarge(key: number): void {
    this.#large.push(this.#byKey.get(key) as NumberedEntry)
  }

  /** What `tooLarge` noted, in order. */
  large(): readonly NumberedEntry[] {
    return this.#large.sort((a, b) => a.key - b.key)
  }
}
