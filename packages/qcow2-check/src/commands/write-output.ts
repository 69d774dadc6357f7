import { fchmodSync, fstatSync } from 'node:fs'
import {
  asFileError,
  beginReplacement,
  FileError,
  type FileName,
  fileNameText,
  resolvePath,
} from '@nightshift/tooling/files'
import { Qcow2Error } from '../errors.ts'

export interface OutputMode {
  /** Permission bits of a new file, less the umask. */
  readonly mode?: number
  /** Permission bits that even an existing file keeps at most, where the text is as private as what it came from. */
  readonly most?: number
}

/**
 * Writes a file that the command line named, atomically; an existing regular file is replaced and keeps its owner and
 * mode.
 *
 * @throws Qcow2Error `not-written`
 */
export function writeOutput(
  path: FileName,
  text: string,
  { mode = 0o666, most = 0o777 }: OutputMode = {},
): void {
  try {
    const { folder, name, stats } = resolvePath(path)
    try {
      const replacement = beginReplacement(folder, name, {
        tool: 'qcow2-check',
        like: stats,
        mode: mode & most,
      })
      try {
        replacement.write(Buffer.from(text))
        replacement.seal()
        const kept = fstatSync(replacement.fd).mode & 0o777
        if ((kept & ~most) !== 0) fchmodSync(replacement.fd, kept & most)
        replacement.commit()
      } catch (error) {
        replacement.discard()
        throw error
      }
    } finally {
      folder.close()
    }
  } catch (error) {
    throw asNotWritten(asFileError(error, path, 'cannot write'), path)
  }
}

function asNotWritten(error: unknown, path: FileName): unknown {
  if (!(error instanceof FileError)) return error
  const name = fileNameText(path)
  const why = error.message.startsWith(`${name}: `) ? error.message.slice(name.length + 2) : error.message
  const remedy = error.remedy === undefined ? {} : { remedy: error.remedy }
  return new Qcow2Error('not-written', name, why, { ...remedy, cause: error })
}
