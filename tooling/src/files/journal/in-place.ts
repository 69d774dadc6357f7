import fs from 'node:fs'
import { asFileError, FileError } from '../file-error.ts'
import type { FileName } from '../file-name.ts'
import type { Folder } from '../folder.ts'
import { assertSafeToWrite } from '../folder-safety.ts'
import { writeFully } from '../open-file.ts'
import { findJournal, removeJournal } from './find-journal.ts'
import { JournalError } from './journal-error.ts'
import { journalName } from './journal-name.ts'
import { type Journal, markJournal } from './read-journal.ts'
import { assertSameTarget, changeProgress, rollBack } from './recover.ts'
import { type InPlaceWrite, type JournalOptions, writeJournal } from './write-journal.ts'

export interface InPlaceOptions extends JournalOptions {
  /** Leave the journal, marked `done`, so that the change can be undone later. Default: it is removed. */
  readonly keepJournal?: boolean
  /** As for replacements, see `assertSafeToWrite`. */
  readonly allowUnsafeFolder?: boolean
}

/**
 * Changes a file in place: undo journal, writes, fsync, and the journal done with. Killed at any point, the file is as
 * before, or `recoverInPlace` makes it so, or it is as after. If a write fails (a full disk under a copy-on-write file
 * system), what was written is rolled back at once.
 *
 * @param target open for reading and writing
 * @param writes gone through twice: an array, or an object that can be iterated again
 * @throws FileError; its remedy says so if the roll-back failed too and the journal is needed
 */
export function changeInPlace(
  folder: Folder,
  name: FileName,
  target: number,
  writes: Iterable<InPlaceWrite>,
  options: InPlaceOptions,
): void {
  const stats = fs.fstatSync(target)
  if (!options.allowUnsafeFolder) assertSafeToWrite(folder, name, stats)
  const { size } = stats
  writeJournal(folder, journalName(name, options.tool), target, writes, options)
  try {
    for (const { offset, bytes } of writes) writeFully(target, bytes, offset)
    if (options.finalSize !== undefined && options.finalSize !== size)
      fs.ftruncateSync(target, options.finalSize)
    fs.fsyncSync(target)
  } catch (error) {
    throw undone(folder, name, target, options.tool, error)
  }
  if (options.keepJournal) markOwn(folder, journalName(name, options.tool), target)
  else removeJournal(folder, name, options.tool)
}

/** The journal just written; there is no need to verify it once more. */
function markOwn(folder: Folder, journal: FileName, target: number): void {
  const { fd } = folder.openFile(journal, 'update')
  try {
    const { mtimeNs } = fs.fstatSync(target, { bigint: true })
    markJournal(fd, folder.pathOf(journal), 'done', mtimeNs)
  } finally {
    fs.closeSync(fd)
  }
}

function withJournal(folder: Folder, name: FileName, tool: string, action: (journal: Journal) => void): void {
  const journal = findJournal(folder, name, tool)
  if (!journal)
    throw new FileError('missing', folder.pathOf(journalName(name, tool)), 'the undo journal is gone')
  try {
    action(journal)
  } finally {
    fs.closeSync(journal.fd)
  }
}

/** Rolls a failed change back; the error to throw says whether that worked. */
function undone(folder: Folder, name: FileName, target: number, tool: string, error: unknown): FileError {
  const failed = asFileError(error, folder.pathOf(name), 'cannot change it in place')
  try {
    // Not by what the file now shows: after a failed fsync it may show what never reaches the disk.
    withJournal(folder, name, tool, (journal) => rollBack(journal, target, folder.pathOf(name)))
    removeJournal(folder, name, tool)
    return failed
  } catch (second) {
    const why = second instanceof Error ? second.message : String(second)
    return new FileError(
      failed.code,
      folder.pathOf(name),
      `changed halfway, and the roll-back failed too (${why})`,
      {
        remedy:
          'run the same command again once the cause is cured: it rolls back with the undo journal beside the file',
        errno: failed.errno,
        cause: error,
      },
    )
  }
}

/**
 * What an earlier run left of a change in place. `none`: no journal. `untouched`: it ended before the first write.
 * `complete`: after the last. `rolled-back`: in between; the file is now as before. `kept`: a finished change whose
 * journal was kept on purpose, and stays.
 */
export type Recovery = 'none' | 'untouched' | 'complete' | 'rolled-back' | 'kept'

/**
 * Brings a file to a settled state after a run that may have been killed while it changed it in place, and removes that
 * run's journal. To be called before the file is read.
 *
 * @param target open for reading and writing
 * @throws JournalError `damaged`, `foreign`, `untrusted`, ...; FileError
 */
export function recoverInPlace(folder: Folder, name: FileName, target: number, tool: string): Recovery {
  let journal: Journal | undefined
  try {
    journal = findJournal(folder, name, tool)
  } catch (error) {
    if (!(error instanceof JournalError && error.code === 'torn')) throw error
    removeJournal(folder, name, tool)
    return 'untouched'
  }
  if (!journal) return 'none'
  try {
    if (journal.state === 'done' || journal.state === 'undone') return 'kept'
    const recovery = settle(journal, target, folder.pathOf(name))
    removeJournal(folder, name, tool)
    return recovery
  } finally {
    fs.closeSync(journal.fd)
  }
}

function settle(journal: Journal, target: number, path: FileName): Recovery {
  if (journal.state === 'writing') return 'untouched'
  assertSameTarget(journal, target)
  const progress = journal.state === 'undoing' ? 'partial' : changeProgress(journal, target)
  if (progress === 'partial') rollBack(journal, target, path)
  // What is found complete may still be in memory only: on the disk before its journal goes.
  else fs.fsyncSync(target)
  return progress === 'partial' ? 'rolled-back' : progress === 'before' ? 'untouched' : 'complete'
}
