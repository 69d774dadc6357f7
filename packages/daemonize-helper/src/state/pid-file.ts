import { readFileSync, unlinkSync } from 'node:fs'
import { asFileError, beginReplacement, FileError, resolvePath } from '@nightshift/tooling/files'
import { DaemonError } from '../errors.ts'

/**
 * Writes a pid file, atomically: whoever reads it sees the old pid or the new one, whole. For programs that want one; the tool
 * itself goes by its record.
 *
 * @throws DaemonError `HELPER` (125)
 */
export function writePidFile(path: string, pid: number): void {
  try {
    const { folder, name, stats } = resolvePath(path)
    try {
      const replacement = beginReplacement(folder, name, {
        tool: 'daemonize-helper',
        like: stats,
        mode: 0o644,
      })
      try {
        replacement.write(Buffer.from(`${pid}\n`))
        replacement.commit()
      } catch (error) {
        replacement.discard()
        throw error
      }
    } finally {
      folder.close()
    }
  } catch (cause) {
    const error = asFileError(cause, path, 'cannot write the pid file')
    if (!(error instanceof FileError)) throw error
    throw new DaemonError('HELPER', error.message, {
      exitCode: 125,
      remedy: error.remedy ?? 'name another file with --pidfile',
      cause,
    })
  }
}

/** Removes a pid file that still names this pid: one that names another is another's. */
export function removePidFile(path: string, pid: number): void {
  try {
    if (readFileSync(path, 'latin1').trim() === String(pid)) unlinkSync(path)
  } catch {
    // Gone, or not ours to remove: the daemon it named is not running in either case.
  }
}
