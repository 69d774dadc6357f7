import { closeSync, fsyncSync } from 'node:fs'
import {
  changeProgress,
  FileError,
  type FileName,
  fileNameText,
  type Journal,
  JournalError,
  markJournal,
  openJournal,
  targetDifferences,
} from '@nightshift/tooling/files'
import { Qcow2Error } from '../errors.ts'
import { asQcow2Error } from './failure.ts'
import { putBack } from './put-back.ts'
import { isSameTime, RepairTarget } from './target.ts'
import { namedPlace, type UndoPlace } from './undo-file.ts'
import type { UseOptions } from './watch.ts'

/** How a repair is undone. */
export interface UndoOptions extends UseOptions {
  /** Go on where nothing but the modification time (and the inode: a copy) differs from what the repair left. */
  readonly force?: boolean
  /** Change nothing, only say what would be done. */
  readonly dryRun?: boolean
  /** Bytes put back, and to be. */
  readonly onProgress?: (done: number, total: number) => void
}

/** What an undo put back. */
export interface Undone {
  /**
   * `restored`: the image is as before the repair; `already`: it was so, an undo had been done; `untouched`: it was so,
   * the repair ended before its first write.
   */
  readonly outcome: 'restored' | 'already' | 'untouched'
  /** The repair, or an earlier undo, had been interrupted. */
  readonly interrupted: boolean
  /** Bytes put back, in so many runs, and the length of the image afterwards. */
  readonly bytes: number
  readonly runs: number
  readonly size: number
}

/**
 * Puts back every byte that a repair changed, and the length. The undo file stays, marked so that a second undo has
 * nothing to do. Interrupted, it may be called again.
 *
 * @param image its path, or the open image, which then stays open; an undo file doesn't know its name
 * @throws Qcow2Error `stale`: the length, the bytes that the repair wrote or the modification time differ from what it
 *   left, or the undo file is damaged or none; `in-use`, `lock-state-unknown`, `unreadable`, `not-written`
 */
export async function undo(
  image: string | Buffer | RepairTarget,
  undoFile: string | Buffer,
  options: UndoOptions = {},
): Promise<Undone> {
  if (image instanceof RepairTarget) return undoOn(image, undoFile, options)
  const target = RepairTarget.open(image, options)
  try {
    return await undoOn(target, undoFile, options)
  } finally {
    target.close()
  }
}

async function undoOn(target: RepairTarget, undoFile: FileName, options: UndoOptions): Promise<Undone> {
  let place: UndoPlace | undefined
  try {
    place = namedPlace(undoFile)
    return await run(target, place, options)
  } catch (error) {
    throw asQcow2Error(error, target.source.name, 'not-written')
  } finally {
    place?.folder.close()
  }
}

async function run(target: RepairTarget, place: UndoPlace, options: UndoOptions): Promise<Undone> {
  const journal = openUndoFile(target, place)
  if (journal === 'torn') {
    return { outcome: 'untouched', interrupted: true, bytes: 0, runs: 0, size: target.source.size }
  }
  try {
    const facts = { bytes: journal.bytes, runs: journal.records, size: journal.header.target.size }
    const interrupted = journal.state === 'prepared' || journal.state === 'undoing'
    const standing = judge(journal, target, options)
    if (standing !== 'restore') {
      // So that nobody takes it for a repair that is still to be settled.
      if (journal.state === 'prepared' && !options.dryRun)
        markJournal(journal.fd, journal.path, 'undone', target.mtime())
      return { outcome: standing, interrupted, ...facts, bytes: 0, runs: 0 }
    }
    if (!options.dryRun) {
      await target.watch.assertStill()
      restore(journal, target, options)
    }
    return { outcome: 'restored', interrupted, ...facts }
  } finally {
    closeSync(journal.fd)
  }
}

function openUndoFile(target: RepairTarget, place: UndoPlace): Journal | 'torn' {
  const path = place.folder.pathOf(place.name)
  try {
    const journal = openJournal(place.folder, place.name, [target.owner])
    if (!journal) throw new FileError('missing', path, 'there is no such undo file')
    return journal
  } catch (error) {
    if (error instanceof JournalError && error.code === 'torn') return 'torn'
    throw asQcow2Error(error, path, 'unreadable')
  }
}

/** What is to be done, if this undo file fits this image. */
function judge(
  journal: Journal,
  target: RepairTarget,
  { force }: UndoOptions,
): 'restore' | Exclude<Undone['outcome'], 'restored'> {
  const { state } = journal
  const { source } = target
  // What a whole repair left is known to the byte. Halfway only the inode tells this image from its siblings.
  const whole = state === 'done' || state === 'undone'
  const differences = targetDifferences(journal, source.fd, {
    size: source.size,
    copies: whole || force === true,
  })
  if (differences.length > 0) throw stale(journal, `it is another image (${differences.join('; ')})`)
  if (state === 'writing') return 'untouched'
  if (state === 'undoing') return 'restore'
  const progress = changeProgress(journal, source.fd, source.size)
  if (state === 'prepared') return progress === 'before' ? 'untouched' : 'restore'
  if (state === 'undone') {
    if (progress !== 'before') throw stale(journal, 'it was undone, and the image has been changed since')
    return 'already'
  }
  if (progress !== 'after') throw stale(journal, whatDiffers(journal, source.size))
  if (!isAsLeft(journal, target) && !force) {
    throw stale(
      journal,
      'the image has been written to, or copied, since the repair: its modification time differs',
      {
        remedy: 'if it is a copy, or was only touched, give --force; bytes written since stay or are lost',
      },
    )
  }
  return 'restore'
}

function whatDiffers(journal: Journal, size: number): string {
  const { finalSize } = journal.header
  if (size !== finalSize) return `the image is ${size} bytes long, not ${finalSize} as the repair left it`
  return 'the image no longer holds what the repair wrote'
}

function stale(journal: Journal, why: string, options: { remedy?: string } = {}): Qcow2Error {
  return new Qcow2Error(
    'stale',
    fileNameText(journal.path),
    `does not fit this image any more: ${why}`,
    options,
  )
}

/** Has nobody written to it since the repair, by its modification time? Of a repair that was interrupted it isn't known. */
function isAsLeft({ state, leftAt }: Journal, target: RepairTarget): boolean {
  return state === 'done' && leftAt !== undefined && isSameTime(leftAt, target.mtime())
}

/**
 * The modification time goes back too, so that the undo file of the repair before this one fits without force; but not
 * over the trace of what somebody else wrote.
 */
function restore(journal: Journal, target: RepairTarget, { onProgress }: UndoOptions): void {
  const { mtime } = journal.header
  const wasAt = mtime !== undefined && isAsLeft(journal, target) ? BigInt(mtime) : undefined
  // From here on the image may be anything in between, which a second undo must not take for a change by others.
  markJournal(journal.fd, journal.path, 'undoing', journal.leftAt ?? target.mtime())
  putBack(journal, target.source, onProgress)
  if (wasAt !== undefined) {
    target.restoreMtime(wasAt)
    fsyncSync(target.source.fd)
  }
  markJournal(journal.fd, journal.path, 'undone', target.mtime())
}
