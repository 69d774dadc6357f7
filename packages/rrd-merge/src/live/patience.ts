import { setTimeout as sleep } from 'node:timers/promises'
import { clock } from '../clock.ts'

const nobodyWakes = new Int32Array(new SharedArrayBuffer(4))

/** Looks that follow each other at once: one update back to back with the next leaves some 10 us between them. */
const BURST = 48

/** Pauses that block the event loop; after them they don't. */
const SHORT_PAUSES = 40

/**
 * Waiting for a moment between two updates: bursts of looks, with pauses in between. The pauses let an updater that
 * lost the processor in mid-update go on, and are short, for after some 10 ms without a look at /proc/locks the next
 * one is slow (see LockTable) and comes back with news that is old.
 */
export class Patience {
  readonly #deadline: number
  readonly #signal: AbortSignal | undefined
  #looks = 0
  #pauses = 0

  /** @param ms how long in all */
  constructor(ms: number, signal?: AbortSignal) {
    this.#deadline = clock() + ms
    this.#signal = signal
  }

  /** Waits a little; false when the time is up. A promise only where the wait is long enough to need one. */
  more(): boolean | Promise<boolean> {
    this.#signal?.throwIfAborted()
    this.#looks += 1
    if (clock() >= this.#deadline) return false
    if (this.#looks % BURST !== 0) return true
    this.#pauses += 1
    if (this.#pauses > SHORT_PAUSES) return sleep(2).then(() => true)
    Atomics.wait(nobodyWakes, 0, 0, 0.2)
    return true
  }
}
