import fs from 'node:fs'
import { copyContent } from './copy-content.ts'
import { FileError } from './file-error.ts'
import { decodeFileName, type FileName, fileNameBytes } from './file-name.ts'
import type { Folder } from './folder.ts'
import { beginReplacement, type Replacement } from './replacement.ts'

export interface BackupOptions {
  readonly tool: string
  /** Appended to the name; with a slash in it or empty it is refused. */
  readonly suffix: string
  readonly allowUnsafeFolder?: boolean
}

/** After this many backups of one file somebody should clean up. */
const MOST_BACKUPS = 999

/**
 * Keeps a copy of an open file beside it, as `NAME<suffix>`: content (a reflink where possible), owner, mode, times; on
 * the disk when this returns. A backup that is there already is never overwritten, because the first one is the one that
 * holds the original: the next are `NAME<suffix>.2`, `.3` and so on.
 *
 * @returns the backup's name
 * @throws FileError; then there is no new backup
 */
export function makeBackup(folder: Folder, name: FileName, source: number, options: BackupOptions): FileName {
  const { suffix, tool } = options
  if (suffix === '' || /[/\0]/.test(suffix)) {
    throw new FileError('other', folder.pathOf(name), `no suffix for a backup: ${JSON.stringify(suffix)}`)
  }
  const like = fs.fstatSync(source)
  for (let number = 1; number <= MOST_BACKUPS; number++) {
    const backup = append(name, number === 1 ? suffix : `${suffix}.${number}`)
    if (folder.statEntry(backup)) continue
    const allowUnsafeFolder = options.allowUnsafeFolder ?? false
    const replacement = beginReplacement(folder, backup, { tool, like, exclusive: true, allowUnsafeFolder })
    copyContent(source, replacement)
    if (complete(replacement, like)) return backup
  }
  throw new FileError('exists', folder.pathOf(name), `has ${MOST_BACKUPS} backups already`, {
    remedy: 'move some away, or give another --backup-suffix',
  })
}

/** False if the name was taken in the meantime. */
function complete(replacement: Replacement, like: fs.Stats): boolean {
  try {
    replacement.seal()
    fs.futimesSync(replacement.fd, like.atimeMs / 1000, like.mtimeMs / 1000)
    replacement.commit('each')
    return true
  } catch (error) {
    replacement.discard()
    if (error instanceof FileError && error.code === 'exists') return false
    throw error
  }
}

function append(name: FileName, suffix: string): FileName {
  return typeof name === 'string'
    ? name + suffix
    : decodeFileName(Buffer.concat([fileNameBytes(name), Buffer.from(suffix)]))
}
