/**
 * Why an action failed, by its stable name. Of a start: `NOT_FOUND`, `NOT_EXECUTABLE` (the command), `EXITED` (it ended
 * before it was settled or ready), `READY_TIMEOUT`, `NAME_IN_USE` (another command runs under the name), `LOCKED` (another start is
 * under way), `CRASH_LOOP`, `HELPER` (the tool itself could not do its part). Of the others: `NO_SUCH_NAME`, `NO_LOG`, `NOT_STOPPED`
 * (something outlived SIGKILL), `UNKNOWN_STATE` (the process can't be looked at from here).
 */
export type DaemonErrorCode =
  | 'NOT_FOUND'
  | 'NOT_EXECUTABLE'
  | 'EXITED'
  | 'READY_TIMEOUT'
  | 'NAME_IN_USE'
  | 'LOCKED'
  | 'CRASH_LOOP'
  | 'HELPER'
  | 'NO_SUCH_NAME'
  | 'NO_LOG'
  | 'NOT_STOPPED'
  | 'UNKNOWN_STATE'

export interface DaemonErrorDetails {
  /** What to do about it. */
  readonly remedy?: string
  /** What the tool exits with. */
  readonly exitCode?: number
  /** What the command printed last, where it was kept. */
  readonly logTail?: string
  readonly cause?: unknown
}

/** A start, stop or look that did not come about. */
export class DaemonError extends Error {
  override readonly name = 'DaemonError'
  readonly code: DaemonErrorCode
  readonly remedy?: string
  readonly exitCode?: number
  readonly logTail?: string

  constructor(code: DaemonErrorCode, message: string, details: DaemonErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    if (details.remedy !== undefined) this.remedy = details.remedy
    if (details.exitCode !== undefined) this.exitCode = details.exitCode
    if (details.logTail !== undefined) this.logTail = details.logTail
  }
}
