/** What a {@link Failure} carries beside its message. */
export interface FailureDetails {
  /** What the user can do about it: one sentence, without the tool's name. */
  readonly remedy?: string
  /** The file it is about; a Buffer where its name is not UTF-8. */
  readonly path?: string | Uint8Array
  /** Where in that file, in bytes from its beginning. */
  readonly offset?: number | bigint
  /** The exit code of the tool, where it differs from the one the tool's definition gives for `code`. */
  readonly exitCode?: number
  readonly cause?: unknown
}

/**
 * An expected failure of a command: the user or the machine can do something about it.
 *
 * The message is one line that says what failed, where and why. A library that is published must not throw this
 * class (its declarations would name a package nobody can install): any Error with a string `code` of its own and,
 * if it likes, `remedy`, `path`, `offset` and `exitCode`, is rendered the same way.
 */
export class Failure extends Error {
  override readonly name: string = 'Failure'
  readonly code: string
  readonly remedy?: string
  readonly path?: string | Uint8Array
  readonly offset?: number | bigint
  readonly exitCode?: number

  constructor(code: string, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    if (details.remedy !== undefined) this.remedy = details.remedy
    if (details.path !== undefined) this.path = details.path
    if (details.offset !== undefined) this.offset = details.offset
    if (details.exitCode !== undefined) this.exitCode = details.exitCode
  }
}

/** The command line itself is wrong: answered with the tool's usage exit code and a short usage on stderr. */
export class UsageError extends Failure {
  override readonly name: string = 'UsageError'

  constructor(message: string, details: Pick<FailureDetails, 'remedy' | 'cause'> = {}) {
    super('USAGE', message, details)
  }
}
