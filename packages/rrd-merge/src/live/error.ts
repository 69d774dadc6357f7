/**
 * `busy`: updates never left a moment to read or to replace the file. `replaced`: another program put another file
 * in its place meanwhile. `lock`: the lock holder could not keep the file.
 */
export type LiveErrorCode = 'busy' | 'replaced' | 'lock'

/** A live file could not be handled safely; nothing was replaced. `message` is one line: what, why. */
export class LiveError extends Error {
  readonly code: LiveErrorCode
  readonly path: string
  /** What the user can do, a sentence without the final stop. */
  readonly remedy: string

  constructor(code: LiveErrorCode, path: string, message: string, remedy: string) {
    super(message)
    this.name = 'LiveError'
    this.code = code
    this.path = path
    this.remedy = remedy
  }
}

/** @param after how long it was tried, in milliseconds */
export const busyError = (path: string, what: 'read' | 'replace', after: number): LiveError =>
  new LiveError(
    'busy',
    path,
    `could not ${what} it within ${after / 1000} s: updates left no moment for it`,
    'run again when fewer updates come in, or with --live lock, which refuses updates meanwhile',
  )

export const replacedError = (path: string): LiveError =>
  new LiveError(
    'replaced',
    path,
    'another program has put another file in its place during the merge; nothing was written',
    'run again',
  )
