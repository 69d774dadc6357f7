import { setImmediate } from 'node:timers/promises'
import { clock } from '../clock.ts'

/** Milliseconds without a turn of the event loop: no signal, message or timer is seen for so long. */
const LONGEST = 20

/** Lets the event loop turn now and then: merges whose reads and writes are all synchronous would hold it to the end. */
export class EventTurn {
  #last = clock()

  /** Undefined where it isn't time yet, so that nobody waits for nothing. */
  due(): Promise<void> | undefined {
    return clock() - this.#last < LONGEST ? undefined : this.#take()
  }

  async #take(): Promise<void> {
    await setImmediate()
    this.#last = clock()
  }
}
