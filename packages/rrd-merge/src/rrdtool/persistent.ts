import { abortedError, type Call, type Channel, type Command, closedError, type Send } from './call.ts'
import { Deadline } from './deadline.ts'
import { onAbort } from './on-abort.ts'
import { NotDelivered, PersistentProgram } from './persistent-program.ts'
import { startError } from './program.ts'

/** One `rrdtool -` answers all calls, one at a time; it is started at the first call and again when it has died. */
export class PersistentChannel implements Channel {
  readonly #path: string
  /** One for each daemon, for a daemon is part of the environment; nearly always there is only one. */
  readonly #programs = new Map<string | undefined, PersistentProgram>()
  readonly #waiting: (() => void)[] = []
  #busy = false
  #closing: Promise<void> | undefined

  constructor(path: string) {
    this.#path = path
  }

  async run<T>(call: Call, work: (send: Send) => Promise<T>): Promise<T> {
    if (this.#closing) throw closedError(call)
    await this.#turn(call)
    try {
      using deadline = new Deadline(call)
      deadline.signal.throwIfAborted()
      return await work((command) => this.#send(call, command, deadline.signal))
    } finally {
      this.#release()
    }
  }

  /** Waits for the calls made so far, then lets the program end. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    if (this.#busy) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    await Promise.all([...this.#programs.values()].map((program) => program.close()))
    this.#programs.clear()
  }

  async #send<T>(call: Call, command: Command<T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      const program = this.#program(call)
      program.hold(true)
      try {
        return await program.send(call, command, signal)
      } catch (error) {
        if (!(error instanceof NotDelivered)) throw error
      } finally {
        program.hold(false)
      }
    }
  }

  #program(call: Call): PersistentProgram {
    const running = this.#programs.get(call.daemon)
    if (running?.usable) return running
    let program: PersistentProgram
    try {
      program = new PersistentProgram(this.#path, call.daemon)
    } catch (cause) {
      throw startError(this.#path, call, cause)
    }
    this.#programs.set(call.daemon, program)
    return program
  }

  #turn(call: Call): Promise<void> {
    if (call.signal?.aborted) return Promise.reject(abortedError(call))
    if (!this.#busy) {
      this.#busy = true
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const start = () => {
        release()
        resolve()
      }
      const release = onAbort(call.signal, () => {
        release()
        this.#waiting.splice(this.#waiting.indexOf(start), 1)
        reject(abortedError(call))
      })
      this.#waiting.push(start)
    })
  }

  #release(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#busy = false
  }
}
