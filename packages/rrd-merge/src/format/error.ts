/**
 * What went wrong, for programs: ENOTRRD no RRD at all; ETRUNC shorter than its header says; EVERSION a
 * version other than 1 to 5; ECORRUPT a header that cannot be; EFOREIGN an architecture that is not supported;
 * EXML bad XML; ERANGE a value does not fit the architecture it is to be written for; EMISMATCH two files that
 * do not fit together; ESWAPPED OLD is newer than NEW; ELATE a writer got in between; EMISSING no such file or
 * folder; EREAD could not read; EWRITE could not write; EUSAGE called wrongly; EDAEMON rrdcached does not
 * answer. Each has a section in docs/codes.md. What a caller's AbortSignal stops rejects with the signal's reason.
 */
export type RrdErrorCode =
  | 'ENOTRRD'
  | 'ETRUNC'
  | 'EVERSION'
  | 'ECORRUPT'
  | 'EFOREIGN'
  | 'EXML'
  | 'ERANGE'
  | 'EMISMATCH'
  | 'ESWAPPED'
  | 'ELATE'
  | 'EMISSING'
  | 'EREAD'
  | 'EWRITE'
  | 'EUSAGE'
  | 'EDAEMON'

/** Where an error happened, and what can be done. */
export interface RrdErrorDetails {
  /** Byte offset in the file. */
  readonly offset?: number
  readonly path?: string
  /** What the user can do, a sentence without the final stop. */
  readonly remedy?: string
  readonly cause?: unknown
}

/** Every error this package throws on purpose. `message` is one line: what, where, why. */
export class RrdError extends Error {
  readonly code: RrdErrorCode
  readonly offset?: number
  readonly path?: string
  readonly remedy?: string

  constructor(code: RrdErrorCode, message: string, details: RrdErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'RrdError'
    this.code = code
    if (details.offset !== undefined) this.offset = details.offset
    if (details.path !== undefined) this.path = details.path
    if (details.remedy !== undefined) this.remedy = details.remedy
  }
}

/** An offset as messages show it: hex and decimal. */
export const atOffset = (offset: number): string => `at 0x${offset.toString(16)} (${offset})`
