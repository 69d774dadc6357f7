import { type FileName, fileNameText } from '../file-name.ts'

/**
 * `not-a-journal`: it begins otherwise; `too-new`: of a later version of the tool; `torn`: it was never completed, hence
 * nothing was changed in the target; `damaged`: it was complete once and no longer is; `foreign`: it belongs to another
 * file, or to this one in another state; `untrusted`: somebody else than the caller or root made it.
 */
export type JournalErrorCode = 'not-a-journal' | 'too-new' | 'torn' | 'damaged' | 'foreign' | 'untrusted'

/** An undo journal that can't be used. */
export class JournalError extends Error {
  override readonly name = 'JournalError'
  readonly code: JournalErrorCode
  readonly path: FileName
  readonly remedy?: string
  /** Where in the journal, in bytes. */
  readonly offset?: number

  constructor(
    code: JournalErrorCode,
    path: FileName,
    why: string,
    options: { remedy?: string; offset?: number } = {},
  ) {
    super(`${fileNameText(path)}: ${why}`)
    this.code = code
    this.path = path
    if (options.remedy !== undefined) this.remedy = options.remedy
    if (options.offset !== undefined) this.offset = options.offset
  }
}
