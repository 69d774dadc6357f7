import { setImmediate } from 'node:timers/promises'

/** Milliseconds without a turn of the event loop: no signal, message or timer is seen for so long. */
const LONGEST = 20

/** Lets the event loop turn now and then: merges whose reads and writes are all synchronous would hold it to the end. */
export class EventTurn {
  #last = performance.now()

  /** Undefined where it isn't time yet, so that nobody waits for nothing. */
  due(): Promise<void> | undefined {
    return performance.now() - this.#last < LONGEST ? undefined : this.#take()
  }

  async #take(): Promise<void> {
    await setImmediate()
    this.#last = performance.now()
  }
}
