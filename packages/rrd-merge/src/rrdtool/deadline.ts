import { abortedError, type Call } from './call.ts'
import { RrdtoolError } from './error.ts'
import { onAbort } from './on-abort.ts'

/** Ends a call that was sent: by its timeout, by the caller's signal, or by the channel itself. */
export class Deadline implements Disposable {
  readonly #stop = new AbortController()
  readonly #timer: NodeJS.Timeout | undefined
  readonly #release: () => void

  /** The clock starts here. */
  constructor(call: Call) {
    const abort = () => this.stop(abortedError(call))
    if (call.signal?.aborted) abort()
    this.#release = onAbort(call.signal, abort)
    if (call.timeout > 0) {
      this.#timer = setTimeout(
        () =>
          this.stop(
            new RrdtoolError('TIMEOUT', call, `no answer in ${call.timeout} ms; the process was ended`),
          ),
        call.timeout,
      )
    }
  }

  /** Aborts with an RrdtoolError as its reason. */
  get signal(): AbortSignal {
    return this.#stop.signal
  }

  stop(error: RrdtoolError): void {
    this.#stop.abort(error)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.#release()
  }
}
