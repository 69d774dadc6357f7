import { setTimeout as sleep } from 'node:timers/promises'

const nobodyWakes = new Int32Array(new SharedArrayBuffer(4))

/**
 * Waiting for an updater to leave. One update holds the lock for some 10 us, so the first looks follow each other
 * at once; then with pauses that grow, the longer ones without blocking the event loop.
 */
export class Patience {
  readonly #deadline: number
  readonly #signal: AbortSignal | undefined
  #tries = 0

  /** @param ms how long in all */
  constructor(ms: number, signal?: AbortSignal) {
    this.#deadline = performance.now() + ms
    this.#signal = signal
  }

  /** Milliseconds left. */
  get left(): number {
    return this.#deadline - performance.now()
  }

  /** Waits a little; false when the time is up. A promise only where the wait is long enough to need one. */
  more(): boolean | Promise<boolean> {
    this.#signal?.throwIfAborted()
    this.#tries += 1
    const left = this.left
    if (left <= 0) return false
    if (this.#tries < 64) return true
    if (this.#tries < 160) {
      Atomics.wait(nobodyWakes, 0, 0, 0.05)
      return true
    }
    return sleep(Math.min(left, 1 + (this.#tries - 160) / 4, 20)).then(() => true)
  }
}
