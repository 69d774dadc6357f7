/**
 * `not-qcow2`: nothing in it looks like a QCOW2 image (exit 63); `unreadable`: it can't be read at all; `in-use`,
 * `lock-state-unknown`: a repair is refused (exit 4); `stale`: a plan or undo file does not fit this image (exit 5);
 * `refused`: what was asked for can't be done safely; `exists`: the output is there already; `not-written`: the output
 * or the image could not be written; `no-snapshot`: no such snapshot.
 */
export type Qcow2ErrorCode =
  | 'not-qcow2'
  | 'unreadable'
  | 'in-use'
  | 'lock-state-unknown'
  | 'stale'
  | 'refused'
  | 'exists'
  | 'not-written'
  | 'no-snapshot'

/** Why something could not be done at all. Damage in an image is never an error but a finding. */
export class Qcow2Error extends Error {
  override readonly name = 'Qcow2Error'
  readonly code: Qcow2ErrorCode
  /** Name of the source or file. */
  readonly path: string
  /** What to do about it. */
  readonly remedy?: string

  constructor(
    code: Qcow2ErrorCode,
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
