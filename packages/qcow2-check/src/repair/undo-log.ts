import { closeSync, fsyncSync, unlinkSync } from 'node:fs'
import {
  type FileName,
  type Journal,
  JournalWriter,
  markJournal,
  preImages,
  takeFingerprint,
} from '@nightshift/tooling/files'
import type { WritableSource } from '../source/index.ts'
import { metadataRuns } from './standing.ts'
import type { RepairTarget } from './target.ts'
import type { UndoPlace } from './undo-file.ts'

export const TOOL = 'qcow2-check'

/** What a repair can be undone by: written before the image is, and left behind. */
export class UndoLog {
  readonly path: FileName
  readonly #target: RepairTarget
  readonly #place: UndoPlace
  readonly #writer: JournalWriter
  readonly #mtime: bigint
  #journal: Journal | undefined

  /** @throws FileError `exists`, `no-space`, ... */
  constructor(target: RepairTarget, place: UndoPlace, finalSize: number) {
    this.#target = target
    this.#place = place
    this.path = place.folder.pathOf(place.name)
    const { fd, size } = target.source
    try {
      // A block device says its length only when it is read.
      const fingerprint = { ...takeFingerprint(fd, metadataRuns(target.source)), size }
      this.#mtime = target.mtime()
      const { mode } = target
      const subject = { tool: TOOL, mode, target: fingerprint, finalSize, mtime: this.#mtime }
      this.#writer = new JournalWriter(place.folder, place.name, subject)
    } catch (error) {
      place.folder.close()
      throw error
    }
  }

  /** Notes a run before it is written. @throws FileError; then the undo file is gone */
  add(offset: number, before: Uint8Array, after: Uint8Array): void {
    this.#writer.add(offset, before, after)
  }

  /** Once this has returned the image may be written to. @throws FileError; then the undo file is gone */
  complete(): void {
    this.#journal = this.#writer.complete()
  }

  /** All of the repair is on the disk. */
  done(): void {
    const { fd, path } = this.#open()
    // fdatasync, which flushed the bytes, may leave the mtime behind, and by that an undo knows the image.
    fsyncSync(this.#target.source.fd)
    markJournal(fd, path, 'done', this.#target.mtime())
  }

  /** Puts back what was there before, and removes the undo file. @throws what the source throws; then the file stays */
  async rollBack(source: WritableSource): Promise<void> {
    const journal = this.#open()
    for (const { offset, before } of preImages(journal)) {
      if (before.length > 0) await source.write(before, offset)
    }
    const { size } = journal.header.target
    if (source.size !== size) await source.truncate(size)
    await source.flush()
    this.#target.restoreMtime(this.#mtime)
    this.discard()
  }

  /** The image is as before: leaves nothing behind if it can. What stays proves on the next run that there is nothing to do. */
  discard(): void {
    try {
      if (this.#journal === undefined) this.#writer.discard()
      else removeUndoFile(this.#place)
    } catch {
      // A folder that can't be written to any more: the error that brought us here is the one to tell.
    }
  }

  close(): void {
    if (this.#journal) closeSync(this.#journal.fd)
    this.#place.folder.close()
  }

  #open(): Journal {
    if (!this.#journal) throw new Error('the undo file is not complete')
    return this.#journal
  }
}

/** Removes an undo file, durably. */
export function removeUndoFile({ folder, name }: UndoPlace): void {
  unlinkSync(folder.entry(name))
  folder.sync()
}
