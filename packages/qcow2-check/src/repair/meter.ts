import { setImmediate } from 'node:timers/promises'
import type { Plan } from '../plan/index.ts'

export interface MeterOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/** Bytes between two chances for a signal to be noticed. */
const STRIDE = 8 * 1024 * 1024

/** Counts what a plan has kept and written, and stops where the signal says so. */
export class Meter {
  readonly #options: MeterOptions
  readonly #total: number
  #done = 0
  #since = 0

  constructor({ actions }: Plan, options: MeterOptions) {
    this.#options = options
    const writes = actions.flatMap((action) => action.writes)
    this.#total = 2 * writes.reduce((sum, { after }) => sum + after.length, 0)
  }

  async add(bytes: number): Promise<void> {
    this.#done = Math.min(this.#done + bytes, this.#total)
    this.#since += bytes
    this.#options.signal?.throwIfAborted()
    if (this.#since < STRIDE) return
    this.#since = 0
    this.#options.onProgress?.(this.#done, this.#total)
    await setImmediate()
    this.#options.signal?.throwIfAborted()
  }
}
