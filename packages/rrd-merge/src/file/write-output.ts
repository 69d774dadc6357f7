import { asFileError, beginReplacement, type FileName, resolvePath } from '@nightshift/tooling/files'
import { asWriteError } from './pair-report.ts'
import { TOOL } from './stage.ts'

/**
 * Writes a file that the command line named (a page, a converted file), atomically; an existing regular file is replaced
 * and keeps its owner and mode.
 *
 * @param chunks the content, in parts where it is large
 * @throws RrdError EWRITE
 */
export function writeOutput(
  path: FileName,
  chunks: string | Uint8Array | Iterable<string | Uint8Array>,
): void {
  try {
    const { folder, name, stats } = resolvePath(path)
    try {
      const replacement = beginReplacement(folder, name, { tool: TOOL, like: stats })
      try {
        const parts = typeof chunks === 'string' || chunks instanceof Uint8Array ? [chunks] : chunks
        for (const part of parts) replacement.write(typeof part === 'string' ? Buffer.from(part) : part)
        replacement.commit()
      } catch (error) {
        replacement.discard()
        throw error
      }
    } finally {
      folder.close()
    }
  } catch (error) {
    throw asWriteError(asFileError(error, path, 'cannot write'))
  }
}
