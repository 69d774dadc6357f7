import { closeSync, fsyncSync } from 'node:fs'
import {
  changeProgress,
  type FileName,
  type Folder,
  fileNameText,
  type Journal,
  JournalError,
  markJournal,
  openJournal,
  peekState,
  resolvePath,
  targetDifferences,
} from '@nightshift/tooling/files'
import { Qcow2Error } from '../errors.ts'
import { asQcow2Error } from './failure.ts'
import { putBack } from './put-back.ts'
import type { RepairTarget } from './target.ts'
import { defaultNames, namedPlace, type UndoPlace } from './undo-file.ts'
import { removeUndoFile } from './undo-log.ts'

/**
 * How a repair that was interrupted was settled. `untouched`: it ended before its first write; `complete`: after its
 * last; `rolled-back`: in between, and the image is now as it was before it (the same for an undo that was interrupted).
 */
export type Settlement = 'untouched' | 'complete' | 'rolled-back'

export interface Settled {
  readonly undoFile: string
  readonly settlement: Settlement
}

/**
 * Undo files of this image that belong to a repair or an undo which was interrupted: the one that is named, and those
 * with default names. Writes nothing.
 *
 * @param path of the image
 * @param undoFile as the operator named it, if he did; it need not exist
 * @throws Qcow2Error `unreadable`
 */
export function findUnfinished(path: string | Buffer, undoFile?: string | Buffer): string[] {
  let folder: Folder | undefined
  try {
    const found = resolvePath(path, { device: true })
    folder = found.folder
    const isDevice = found.stats?.isBlockDevice() === true
    const places = candidates({ folder, name: found.name, isDevice }, undoFile)
    return places.map((place) => {
      if (place.folder !== folder) place.folder.close()
      return fileNameText(place.folder.pathOf(place.name))
    })
  } catch (error) {
    throw asQcow2Error(error, path, 'unreadable')
  } finally {
    folder?.close()
  }
}

/**
 * Brings an image that an interrupted repair or undo left to a settled state, and says which. What lies in between is
 * rolled back, not resumed: an undo file holds what was there before, and of what was to be written only digests, so that
 * going back needs nothing but the file, while going on would need the plan, which can't be computed from a half-written
 * image. The repair that follows makes it again. The undo file of a complete repair stays; others have served and go.
 *
 * @throws Qcow2Error `stale`: the undo file was made for another image, or is damaged; `not-written`
 */
export function settleUnfinished(target: RepairTarget, undoFile?: string | Buffer): Settled[] {
  try {
    const settled = candidates(target, undoFile).map((place) => {
      try {
        const path = fileNameText(place.folder.pathOf(place.name))
        return { undoFile: path, settlement: settle(target, place) }
      } finally {
        if (place.folder !== target.folder) place.folder.close()
      }
    })
    if (settled.length > 0) target.watch.settle()
    return settled
  } catch (error) {
    throw asQcow2Error(error, target.source.name, 'not-written')
  }
}

/**
 * An undo file of an interrupted repair that is left while the image is repaired otherwise would roll it back to a mixture
 * the next time.
 *
 * @throws Qcow2Error `stale`
 */
export function assertSettled(target: RepairTarget, undoFile?: FileName): void {
  const [first, ...more] = candidates(target, undoFile).map((place) => {
    if (place.folder !== target.folder) place.folder.close()
    return fileNameText(place.folder.pathOf(place.name))
  })
  if (first === undefined) return
  throw new Qcow2Error('stale', target.source.name, 'an earlier repair of it was interrupted', {
    remedy: `run qcow2-check repair, or undo with ${[first, ...more].join(', ')}, then plan again`,
  })
}

type Image = Pick<RepairTarget, 'folder' | 'name'> & Partial<Pick<RepairTarget, 'isDevice'>>

function candidates(image: Image, named: FileName | undefined): UndoPlace[] {
  const names = image.isDevice ? [] : defaultNames(image)
  const places: UndoPlace[] = names.map((name) => ({ folder: image.folder, name }))
  if (named !== undefined) {
    const place = namedPlace(named)
    const known = places.some((other) => isSame(other, place))
    if (known) place.folder.close()
    else places.push(place)
  }
  return places.filter((place) => {
    const keep = isUnfinished(place)
    if (!keep && place.folder !== image.folder) place.folder.close()
    return keep
  })
}

function isSame(a: UndoPlace, b: UndoPlace): boolean {
  const [one, other] = [a.folder.statEntry(a.name), b.folder.statEntry(b.name)]
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev
}

function isUnfinished({ folder, name }: UndoPlace): boolean {
  if (folder.statEntry(name)?.isFile() !== true) return false
  const { fd } = folder.openFile(name)
  try {
    const state = peekState(fd)
    return state === 'writing' || state === 'prepared' || state === 'undoing'
  } finally {
    closeSync(fd)
  }
}

function settle(target: RepairTarget, place: UndoPlace): Settlement {
  let journal: Journal | undefined
  try {
    journal = openJournal(place.folder, place.name, [target.owner])
  } catch (error) {
    if (!(error instanceof JournalError && error.code === 'torn')) throw error
  }
  if (journal === undefined || journal.state === 'writing') {
    if (journal) closeSync(journal.fd)
    removeUndoFile(place)
    return 'untouched'
  }
  try {
    return settleChange(target, journal, place)
  } finally {
    closeSync(journal.fd)
  }
}

function settleChange(target: RepairTarget, journal: Journal, place: UndoPlace): Settlement {
  const { source } = target
  const differences = targetDifferences(journal, source.fd, { size: source.size })
  if (differences.length > 0) {
    throw new Qcow2Error(
      'stale',
      fileNameText(journal.path),
      `belongs to a repair that was interrupted, but does not fit this image (${differences.join('; ')})`,
      { remedy: 'name the image it was made for, or move the undo file away' },
    )
  }
  const progress = journal.state === 'undoing' ? 'partial' : changeProgress(journal, source.fd, source.size)
  if (progress === 'after') {
    // It may be in memory only.
    fsyncSync(source.fd)
    markJournal(journal.fd, journal.path, 'done', target.mtime())
    return 'complete'
  }
  if (progress === 'partial') putBack(journal, source)
  removeUndoFile(place)
  return progress === 'partial' ? 'rolled-back' : 'untouched'
}
