/**
 * How fast work goes on, smoothed: an exponential mean over about five seconds, so that the time left neither jumps
 * with each file nor keeps the memory of a slow beginning.
 */
export class RateMeter {
  #at: number
  #done = 0
  #rate = 0
  readonly #began: number

  /** @param began milliseconds, on the clock that `observe` and `rate` are given */
  constructor(began: number) {
    this.#began = began
    this.#at = began
  }

  observe(done: number, at: number): void {
    const elapsed = at - this.#at
    if (elapsed <= 0) return
    const now = ((done - this.#done) * 1000) / elapsed
    // Over the first five seconds each moment counts alike, later ones fade.
    const window = Math.min(5000, at - this.#began)
    const weight = 1 - Math.exp(-elapsed / Math.max(window, elapsed))
    this.#rate = this.#at === this.#began ? now : this.#rate + weight * (now - this.#rate)
    this.#at = at
    this.#done = done
  }

  /** Units a second; 0 until something was observed, and when nothing has moved. */
  rate(): number {
    return Math.max(0, this.#rate)
  }
}
