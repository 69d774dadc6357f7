import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { decodeFileName, type FileName, fileNameBytes } from '../file-name.ts'
import type { Folder } from '../folder.ts'
import { JournalError } from './journal-error.ts'
import { type Journal, readJournal } from './read-journal.ts'

const LONGEST_NAME = 255

/**
 * Where the journal of a change in place lies: `NAME.<tool>-undo` beside the target, in plain sight. A name too long for
 * that is cut, and told apart by a hash of all of it.
 */
export function journalName(target: FileName, tool: string): FileName {
  const bytes = fileNameBytes(target)
  const end = Buffer.from(`.${tool}-undo`)
  if (bytes.length + end.length <= LONGEST_NAME) return decodeFileName(Buffer.concat([bytes, end]))
  const hash = Buffer.from(`~${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`)
  const kept = bytes.subarray(0, LONGEST_NAME - hash.length - end.length)
  return decodeFileName(Buffer.concat([kept, hash, end]))
}

export function isJournalName(name: FileName, tool: string): boolean {
  const end = `.${tool}-undo`
  return typeof name === 'string' ? name.endsWith(end) : name.subarray(-end.length).equals(Buffer.from(end))
}

/**
 * The journal that an earlier run left for a target, verified; undefined if there is none. Only one that the caller or
 * root made is believed: whoever else may write in the folder could have root write what he likes into the target.
 *
 * @returns its descriptor is the caller's to close
 * @throws JournalError `untrusted`, and as `readJournal`; FileError `symlink`, `not-regular`, `denied`
 */
export function findJournal(folder: Folder, target: FileName, tool: string): Journal | undefined {
  const name = journalName(target, tool)
  if (!folder.statEntry(name)) return undefined
  const path = folder.pathOf(name)
  const { fd, stats } = folder.openFile(name, 'update')
  try {
    if (stats.nlink !== 1 || (stats.uid !== 0 && stats.uid !== process.geteuid?.())) {
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
