/**
 * UNREACHABLE no daemon answers there. CLOSED it hung up in mid-request. TIMEOUT no answer in time. ABORTED by the
 * caller's signal. PROTOCOL what answers is no rrdcached. UNSUPPORTED it does not know the command. REFUSED it
 * answered with an error, which is in `answer`. BAD_ARGUMENT called with what can't be sent.
 */
export type RrdcachedErrorCode =
  | 'UNREACHABLE'
  | 'CLOSED'
  | 'TIMEOUT'
  | 'ABORTED'
  | 'PROTOCOL'
  | 'UNSUPPORTED'
  | 'REFUSED'
  | 'BAD_ARGUMENT'

/** Whom an error concerns, and what the daemon said. */
export interface RrdcachedErrorDetails {
  readonly address?: string
  /** The command's name. */
  readonly command?: string
  /** The daemon's own words. */
  readonly answer?: string
  readonly cause?: unknown
}

/** Every error of `RrdcachedClient`. `message` is one line. */
export class RrdcachedError extends Error {
  readonly code: RrdcachedErrorCode
  readonly address?: string
  readonly command?: string
  readonly answer?: string

  constructor(code: RrdcachedErrorCode, message: string, details: RrdcachedErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'RrdcachedError'
    this.code = code
    if (details.address !== undefined) this.address = details.address
    if (details.command !== undefined) this.command = details.command
    if (details.answer !== undefined) this.answer = details.answer
  }
}
