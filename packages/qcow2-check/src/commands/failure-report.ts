import { type CommandContext, jsonPath } from '@nightshift/tooling/command-line'
import { withPath } from '@nightshift/tooling/errors'
import { type FileName, fileNameText } from '@nightshift/tooling/files'
import { Qcow2Error } from '../errors.ts'

/** What a document says of an image that could not be looked at. */
export type FailedImage = {
  readonly filename: string
  readonly path: string
  readonly pathBase64?: string
  readonly error: { readonly code: string; readonly message: string }
}

/** One image of several that could not be looked at: told on stderr, and as a document's fields. */
export async function reportFailure(
  { log }: CommandContext,
  path: FileName,
  failure: unknown,
): Promise<FailedImage> {
  const error = failure instanceof Qcow2Error ? failure : undefined
  if (error === undefined) throw failure
  const message = withPath(error.message, fileNameText(path))
  const remedy =
    error.remedy ??
    (error.code === 'not-qcow2' ? (await import('./not-qcow2.ts')).remedyFor(path) : undefined)
  log.error(message, { code: error.code, ...(remedy && { remedy }) })
  return {
    filename: fileNameText(path),
    ...jsonPath(path),
    error: { code: error.code, message: error.message },
  }
}
