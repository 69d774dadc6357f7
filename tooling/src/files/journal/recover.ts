import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { asFileError } from '../file-error.ts'
import type { FileName } from '../file-name.ts'
import { readFully, writeFully } from '../open-file.ts'
import { digestOf, type Extent, type Overlay, overlaps } from './fingerprint.ts'
import { JournalError } from './journal-error.ts'
import { type Journal, preImages } from './read-journal.ts'

/**
 * How far the change got that a journal was written for. `before`: no byte of it is in the target; `after`: all of it is;
 * `partial`: some is, or the same places have been written since. Roll back what is `partial`.
 */
export type ChangeProgress = 'before' | 'after' | 'partial'

/**
 * Is this open file the one that the journal was made for? By inode, length, and the identifying bytes as they were
 * before the change (its own pre-images laid over what the file has now). A different device number alone is no
 * objection: it changes when a machine starts anew.
 *
 * @throws JournalError `foreign`, with what differs
 */
export function assertSameTarget(journal: Journal, target: number): void {
  const differences = targetDifferences(journal, target)
  if (differences.length > 0) {
    throw new JournalError('foreign', journal.path, `was made for another file (${differences.join('; ')})`, {
      remedy: 'name the file it was made for, or move the journal away',
    })
  }
}

/**
 * What speaks against this open file being the one that the journal was made for, in words.
 *
 * @param options.size of the target, bytes; a block device has to be told
 * @param options.copies true: a copy of it has another inode, which is no objection then
 */
export function targetDifferences(
  journal: Journal,
  target: number,
  options: { readonly size?: number; readonly copies?: boolean } = {},
): string[] {
  const { ino, size, extents, digest } = journal.header.target
  const now = fs.fstatSync(target, { bigint: true })
  const differences: string[] = []
  if (!options.copies && `${now.ino}` !== ino) differences.push(`inode ${now.ino}, not ${ino}`)
  const length = options.size ?? Number(now.size)
  const sizes = [size, journal.header.finalSize]
  const between = length >= Math.min(...sizes) && length <= Math.max(...sizes)
  if (!between) differences.push(`length ${length}, not ${[...new Set(sizes)].join(' or ')}`)
  if (digestOf(target, extents, overlaysFor(journal, extents)) !== digest) differences.push('another header')
  return differences
}

/** Bounded by the extents, which are bounded themselves. */
function overlaysFor(journal: Journal, extents: readonly Extent[]): Overlay[] {
  const overlays: Overlay[] = []
  for (const { offset, before } of preImages(journal)) {
    const touches = extents.some((extent) => overlaps(extent, offset, before.length))
    if (touches) overlays.push({ offset, length: before.length, bytes: before })
  }
  return overlays
}

/**
 * Looks into the target how far the change got.
 *
 * @param size of the target, bytes; a block device has to be told
 */
export function changeProgress(
  journal: Journal,
  target: number,
  size: number = fs.fstatSync(target).size,
): ChangeProgress {
  let before = size === journal.header.target.size
  let after = size === journal.header.finalSize
  for (const image of preImages(journal)) {
    if (!before && !after) return 'partial'
    const present = Buffer.allocUnsafe(image.before.length || image.length)
    const now = present.subarray(0, readFully(target, present, image.offset))
    // What was appended had nothing before it: there the old length tells.
    before &&= image.before.length === 0 || now.equals(image.before)
    after &&= createHash('sha256').update(now).digest().equals(image.after)
  }
  if (before) return 'before'
  return after ? 'after' : 'partial'
}

/**
 * Puts every pre-image back, and the length, and brings it to the disk. May be repeated after being interrupted.
 *
 * @param target open for writing; `assertSameTarget` has been asked
 */
export function rollBack(journal: Journal, target: number, path: FileName): void {
  try {
    for (const { offset, before } of preImages(journal)) {
      if (before.length > 0) writeFully(target, before, offset)
    }
    const { target: was, finalSize } = journal.header
    if (finalSize !== was.size) fs.ftruncateSync(target, was.size)
    fs.fsyncSync(target)
  } catch (error) {
    if (error instanceof JournalError) throw error
    throw asFileError(error, path, 'cannot roll back; the journal is kept')
  }
}
