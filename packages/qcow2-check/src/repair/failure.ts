import { asFileError, FileError, type FileName, fileNameText, JournalError } from '@nightshift/tooling/files'
import { Qcow2Error, type Qcow2ErrorCode } from '../errors.ts'

/**
 * What a failed file operation or an unusable undo file is called outside. Errors of other kinds (of the caller's own
 * source, a signal's reason, a bug) stay what they are.
 *
 * @param code for a failed operation: was the file to be read or to be written?
 */
export function asQcow2Error(error: unknown, path: FileName, code: 'unreadable' | 'not-written'): unknown {
  if (error instanceof JournalError) return journalFailure(error)
  const failed = isSystemError(error) ? asFileError(error, path, DOING[code]) : error
  return failed instanceof FileError ? fileFailure(failed, code) : failed
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'errno' in error && typeof error.errno === 'number'
}

const DOING = { unreadable: 'cannot read', 'not-written': 'cannot write' } as const

function fileFailure(error: FileError, code: Qcow2ErrorCode): Qcow2Error {
  return failure(error.code === 'exists' ? 'exists' : code, error)
}

function journalFailure(error: JournalError): Qcow2Error {
  return failure(error.code === 'untrusted' ? 'refused' : 'stale', error)
}

function failure(code: Qcow2ErrorCode, error: FileError | JournalError): Qcow2Error {
  const path = fileNameText(error.path)
  const why = error.message.startsWith(`${path}: `) ? error.message.slice(path.length + 2) : error.message
  const remedy = error.remedy === undefined ? {} : { remedy: error.remedy }
  return new Qcow2Error(code, path, why, { ...remedy, cause: error })
}
