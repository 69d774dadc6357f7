/**
 * What went wrong, by what a caller would do about it.
 *
 * - `NOT_FOUND`: there is no such program, or it can't be executed.
 * - `FAILED`: rrdtool said ERROR; its text is in `output`.
 * - `UNVERIFIED`: rrdtool said OK, but the outcome is not there (a full disk ends this way).
 * - `BAD_ARGUMENT`: the call can't be made as asked; nothing was started.
 * - `TIMEOUT`: no answer in time; the child was ended.
 * - `ABORTED`: the caller's signal; the child was ended if the command had been sent.
 * - `CLOSED`: a call after `close()`.
 * - `PROTOCOL`: what answers is no rrdtool, or it died in mid-call.
 */
export type RrdtoolErrorCode =
  | 'NOT_FOUND'
  | 'FAILED'
  | 'UNVERIFIED'
  | 'BAD_ARGUMENT'
  | 'TIMEOUT'
  | 'ABORTED'
  | 'CLOSED'
  | 'PROTOCOL'

/** Which call an error belongs to. */
export interface CallIdentity {
  /** The subcommand's name, such as `update`. */
  readonly command: string
  /** The file the call is about, as the caller named it. */
  readonly file: string | undefined
}

/** The only error that the client's calls reject with. `message` is one line. */
export class RrdtoolError extends Error {
  override readonly name = 'RrdtoolError'
  readonly code: RrdtoolErrorCode
  /** The subcommand's name, such as `update`. */
  readonly command: string
  /** The file the call is about, as the caller named it; undefined where there is none (`xport`). */
  readonly file: string | undefined
  /** What the program itself said (its ERROR text, or the end of what came instead of an answer); '' if nothing. */
  readonly output: string

  constructor(
    code: RrdtoolErrorCode,
    call: CallIdentity,
    message: string,
    more: { readonly output?: string; readonly cause?: unknown } = {},
  ) {
    const subject = call.file === undefined ? '' : ` ${JSON.stringify(call.file)}`
    super(
      `rrdtool ${call.command}${subject}: ${oneLine(message)}`,
      'cause' in more ? { cause: more.cause } : {},
    )
    this.code = code
    this.command = call.command
    this.file = call.file
    this.output = more.output ?? ''
  }
}

/** rrdtool repeats names and arguments in its texts as they are; `output` keeps them so. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) =>
    character === '\n' ? '\\n' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
}
