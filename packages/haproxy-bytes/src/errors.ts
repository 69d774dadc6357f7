/**
 * `unreadable`: a log or another input can't be read (exit 6); `not-written`: an output could not be written (exit 6);
 * `no-log`: an operand is a folder, a device, or a pattern that no file has (exit 2); `bad-format`: a log-format that
 * HAProxy would refuse; `bad-config`: a configuration in which nothing was found.
 */
export type HaproxyBytesErrorCode = 'unreadable' | 'not-written' | 'no-log' | 'bad-format' | 'bad-config'

/** Why something could not be done at all. A line that can't be read is never an error: it is counted. */
export class HaproxyBytesError extends Error {
  override readonly name = 'HaproxyBytesError'
  readonly code: HaproxyBytesErrorCode
  /** Name of the file. */
  readonly path: string
  /** What to do about it. */
  readonly remedy?: string

  constructor(
    code: HaproxyBytesErrorCode,
    path: string,
    why: string,
    options: { remedy?: string; cause?: unknown } = {},
  ) {
    super(`${path}: ${why}`, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.path = path
    if (options.remedy !== undefined) this.remedy = options.remedy
  }
}
