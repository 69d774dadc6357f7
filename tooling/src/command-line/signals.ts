const stopping = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export type StopSignal = (typeof stopping)[number]

/** The signals that ask a command to stop, as an AbortSignal. */
export interface SignalWatch {
  readonly signal: AbortSignal
  /** The first that came. */
  readonly received: StopSignal | undefined
  /** Gives the signals back to the system's defaults. */
  release(): void
}

/**
 * The first signal aborts (the command stops at a safe point); the second ends the process at once, by that signal.
 */
export function watchSignals(): SignalWatch {
  const controller = new AbortController()
  let received: StopSignal | undefined
  const onSignal = (name: StopSignal): void => {
    if (received !== undefined) {
      release()
      process.kill(process.pid, name)
      return
    }
    received = name
    controller.abort(new StoppedBySignal(name))
  }
  const release = (): void => {
    for (const name of stopping) process.off(name, onSignal)
  }
  for (const name of stopping) process.on(name, onSignal)
  return {
    signal: controller.signal,
    get received() {
      return received
    },
    release,
  }
}

/** The reason that the context's signal is aborted with. */
export class StoppedBySignal extends Error {
  override readonly name = 'AbortError'
  readonly code = 'ABORTED'
  readonly by: StopSignal

  constructor(by: StopSignal) {
    super(`stopped by ${by}`)
    this.by = by
  }
}
