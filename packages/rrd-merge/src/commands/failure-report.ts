import { type CommandContext, jsonPath } from '@nightshift/tooling/command-line'
import { withPath } from '@nightshift/tooling/errors'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { asRrdError } from '../file/pair-report.ts'

/** What a document says of a file that could not be looked at. */
export type FailedFile = {
  readonly path: string
  readonly pathBase64?: string
  readonly error: { readonly code: string; readonly message: string }
}

/** One file of several that could not be looked at: told on stderr, and as a document's fields. */
export function reportFailure({ log }: CommandContext, path: FileName, failure: unknown): FailedFile {
  const error = asRrdError(failure)
  const message = withPath(error.message, fileNameText(path))
  log.error(message, { code: error.code, ...(error.remedy && { remedy: error.remedy }) })
  return { ...jsonPath(path), error: { code: error.code, message: error.message } }
}

/**
 * The error of a run that was about one file: where that failed the run did, and its document says so as after any other
 * failure. Of several files each has its own.
 */
export function errorOfOnly<E>(files: readonly { readonly error?: E }[]): { readonly error?: E } {
  const [only] = files
  return files.length === 1 && only?.error !== undefined ? { error: only.error } : {}
}
