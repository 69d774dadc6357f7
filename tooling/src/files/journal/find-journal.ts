import fs from 'node:fs'
import type { FileName } from '../file-name.ts'
import type { Folder } from '../folder.ts'
import { JournalError } from './journal-error.ts'
import { journalName } from './journal-name.ts'
import { type Journal, readJournal } from './read-journal.ts'

/**
 * The journal that an earlier run left for a target, verified; undefined if there is none. Only one that the caller or
 * root made is believed: whoever else may write in the folder could have root write what he likes into the target.
 *
 * @returns its descriptor is the caller's to close
 * @throws JournalError `untrusted`, and as `readJournal`; FileError `symlink`, `not-regular`, `denied`
 */
export function findJournal(folder: Folder, target: FileName, tool: string): Journal | undefined {
  return openJournal(folder, journalName(target, tool))
}

/**
 * As `findJournal`, of a journal whose name the caller knows.
 *
 * @param owners uids that are believed beside the caller's and root's
 */
export function openJournal(
  folder: Folder,
  name: FileName,
  owners: readonly number[] = [],
): Journal | undefined {
  if (!folder.statEntry(name)) return undefined
  const path = folder.pathOf(name)
  const { fd, stats } = folder.openFile(name, 'update')
  try {
    const believed = [0, process.geteuid?.(), ...owners].includes(stats.uid)
    if (stats.nlink !== 1 || !believed) {
      throw new JournalError('untrusted', path, `was not made by the caller but by uid ${stats.uid}`, {
        remedy: 'look at it, then move it away',
      })
    }
    return readJournal(fd, path)
  } catch (error) {
    fs.closeSync(fd)
    throw error
  }
}

/** Removes the journal of a target, durably. */
export function removeJournal(folder: Folder, target: FileName, tool: string): void {
  fs.unlinkSync(folder.entry(journalName(target, tool)))
  folder.sync()
}
