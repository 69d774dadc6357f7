import {
  asFileError,
  beginReplacement,
  FileError,
  type FileName,
  fileNameText,
  resolvePath,
} from '@nightshift/tooling/files'
import { HaproxyBytesError } from '../errors.ts'

/**
 * Writes a file that the command line named, atomically; an existing regular file is replaced and keeps its owner and
 * mode.
 *
 * @param mode permission bits of a new file, less the umask
 * @throws HaproxyBytesError `not-written`
 */
export function writeOutput(path: FileName, text: string, mode = 0o666): void {
  try {
    const { folder, name, stats } = resolvePath(path)
    try {
      const replacement = beginReplacement(folder, name, { tool: 'haproxy-bytes', like: stats, mode })
      try {
        replacement.write(Buffer.from(text))
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
  return new HaproxyBytesError('not-written', name, why, { ...remedy, cause: error })
}
