import fs from 'node:fs'
import { asFileError } from '../file-error.ts'
import type { FileName } from '../file-name.ts'
import type { Folder } from '../folder.ts'
import { readFully } from '../open-file.ts'
import { type Extent, takeFingerprint } from './fingerprint.ts'
import { LONGEST_RECORD } from './format.ts'
import { JournalWriter } from './journal-writer.ts'

/** New bytes for a run of the target. */
export interface InPlaceWrite {
  readonly offset: number
  readonly bytes: Uint8Array
}

export interface JournalOptions {
  readonly tool: string
  /** Length of the target once all is written; default as it is. No write ends beyond it. */
  readonly finalSize?: number
  /** Which bytes identify the target besides its inode; default the first 4 KiB. */
  readonly identity?: readonly Extent[]
}

/**
 * Writes the undo journal `name` in `folder` for the writes that are to follow, and brings it to the disk: when this
 * returns, the target may be changed. Pre-images are read from the target itself. As private as the target: its mode
 * & 0600. Memory stays below 4 MiB, whatever the writes come to.
 *
 * @param target open for reading
 * @param writes in any order, not overlapping
 * @throws FileError `exists` (an unfinished journal: see `findJournal`), `no-space`, ...; then no journal is left
 */
export function writeJournal(
  folder: Folder,
  name: FileName,
  target: number,
  writes: Iterable<InPlaceWrite>,
  options: JournalOptions,
): void {
  const fingerprint = takeFingerprint(target, options.identity)
  const { size } = fingerprint
  const finalSize = options.finalSize ?? size
  const { mode } = fs.fstatSync(target)
  const journal = new JournalWriter(folder, name, {
    tool: options.tool,
    mode,
    target: fingerprint,
    finalSize,
  })
  const before = (offset: number, length: number): Buffer =>
    readBefore(target, offset, Math.max(0, Math.min(length, size - offset)))
  try {
    for (const { offset, bytes } of writes) {
      for (let done = 0; done < bytes.length; done += LONGEST_RECORD) {
        const after = bytes.subarray(done, done + LONGEST_RECORD)
        journal.add(offset + done, before(offset + done, after.length), after)
      }
    }
    // What a shorter final length cuts off: its new content is nothing.
    for (let at = finalSize; at < size; at += LONGEST_RECORD) {
      journal.add(at, before(at, LONGEST_RECORD), new Uint8Array(0))
    }
  } catch (error) {
    journal.discard()
    if (error instanceof RangeError) throw error
    throw asFileError(error, folder.pathOf(name), 'cannot write the undo journal')
  }
  fs.closeSync(journal.complete().fd)
}

function readBefore(target: number, offset: number, length: number): Buffer {
  const before = Buffer.allocUnsafe(length)
  const got = readFully(target, before, offset)
  if (got !== length) throw new Error(`the target ended at ${offset + got} while its journal was written`)
  return before
}
