import { type FSWatcher, watch } from 'node:fs'
import { dirname } from 'node:path'

/** Network file systems tell of no changes, and a file may be a link to elsewhere: so it is looked at this often, ms. */
const POLL = 500
/** A log that is written a thousand times a second is read twenty times. */
const PAUSE = 50

/** Wakes who waits for changes in a file's folder. Nothing is lost between two waits. */
export class ChangeWatch {
  #watcher: FSWatcher | undefined
  #changed = false
  #wake: (() => void) | undefined

  constructor(path: string) {
    try {
      this.#watcher = watch(dirname(path), { persistent: false }, () => this.#change())
      this.#watcher.on('error', () => this.close())
    } catch {
      // Too many watches on this machine, or none to be had here: it is polled all the same.
    }
  }

  /** Resolves after a change, after a while, or when it is stopped. */
  async wait(signal: AbortSignal): Promise<void> {
    await this.#pause(PAUSE, signal)
    if (!this.#changed && !signal.aborted) await this.#pause(POLL, signal, true)
    this.#changed = false
  }

  close(): void {
    this.#watcher?.close()
    this.#watcher = undefined
  }

  #change(): void {
    this.#changed = true
    this.#wake?.()
  }

  async #pause(ms: number, signal: AbortSignal, untilChange = false): Promise<void> {
    if (signal.aborted) return
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        this.#wake = undefined
        resolve()
      }
      const timer = setTimeout(done, ms)
      signal.addEventListener('abort', done)
      if (untilChange) this.#wake = done
    })
  }
}
