import type fs from 'node:fs'
import { FileError } from './file-error.ts'
import type { FileName } from './file-name.ts'
import type { Folder } from './folder.ts'

const STICKY = 0o1000
const GROUP_WRITE = 0o020
const WORLD_WRITE = 0o002

/** True if this process runs as root; only then do other users' folders endanger more than themselves. */
export function isRoot(): boolean {
  return process.geteuid?.() === 0
}

/**
 * Can a user other than the caller make, rename or remove entries of this folder? Its owner always can (he may change
 * the mode), its group and the world by the mode. An access control list shows in the group bits (its mask).
 */
export function othersCanWrite(folder: fs.Stats): boolean {
  return folder.uid !== process.geteuid?.() || (folder.mode & (GROUP_WRITE | WORLD_WRITE)) !== 0
}

/**
 * Refuses, for root, a folder in which anybody may plant or swap files:
 * - world-writable without the sticky bit: always;
 * - world-writable with the sticky bit (/tmp): only if the target exists and belongs to another user. A new file there
 *   is made with O_EXCL, and a file of root's own can't be swapped by others.
 * Group-writable folders and other users' own folders pass: nothing here follows a link, and owner and mode are set on
 * open files, so there is nothing to gain from planting something.
 *
 * @param target what lstat said about the file to be replaced, undefined if there is none
 * @throws FileError `unsafe-folder`
 */
export function assertSafeToWrite(folder: Folder, name: FileName, target: fs.Stats | undefined): void {
  if (!isRoot()) return
  const { mode } = folder.stats
  if ((mode & WORLD_WRITE) === 0) return
  if ((mode & STICKY) === 0) {
    throw new FileError(
      'unsafe-folder',
      folder.shownPath,
      'everybody may write in this folder, and the caller is root',
      {
        remedy: 'chmod o-w or +t it, run as its owner, or give --allow-unsafe-folder',
      },
    )
  }
  if (target !== undefined && target.uid !== 0) {
    const why = `belongs to uid ${target.uid}, in a folder where everybody may write, and the caller is root`
    throw new FileError('unsafe-folder', folder.pathOf(name), why, {
      remedy: 'run as its owner, or give --allow-unsafe-folder',
    })
  }
}
