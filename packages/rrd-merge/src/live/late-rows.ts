import { writeSync } from 'node:fs'
import { abiOf } from '../format/architecture.ts'
import { isCyclicState, type RrdHeader } from '../format/index.ts'
import type { LiveInode } from './inode.ts'
import type { Moment } from './moment.ts'
import type { Patch } from './types.ts'

const CELL = 8

/** The known cells of `bytes`, which lie at `offset`, as patches. */
export const knownCells = (header: RrdHeader, { offset, bytes }: Patch): Patch[] => {
  const littleEndian = abiOf(header.architecture).littleEndian
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const known: Patch[] = []
  for (let at = 0; at + CELL <= bytes.length; at += CELL)
    if (!Number.isNaN(view.getFloat64(at, littleEndian)))
      known.push({ offset: offset + at, bytes: bytes.subarray(at, at + CELL) })
  return known
}

/** What became of the rows of a late update. */
export interface Placed {
  /** Complete rows with a known value for which the other file has no place yet. */
  readonly homeless: number
}

/**
 * Writes the rows that `late` got since `from` into `current`, whose updaters have gone on past them, in place:
 * rows of the past lie outside of what an update writes, and a cell is one aligned write of 8 bytes. The late update
 * saw every reading up to its time, the updates of `current` did not, so where both know a cell `late` is right.
 * Both files have one layout, and a row time is at the same physical row in both.
 */
export const placeLateRows = (late: LiveInode, from: Moment, current: LiveInode): Placed => {
  const header = late.header
  const rowBytes = header.dataSources.length * CELL
  let homeless = 0
  for (const [r, { cf, span, rowCount, offset }] of header.archives.entries()) {
    if (isCyclicState(cf)) continue
    const last = Math.floor(late.moment.lastUpdate / span)
    const currentLast = Math.floor(current.moment.lastUpdate / span)
    const count = Math.min(last - Math.floor(from.lastUpdate / span), rowCount)
    for (let age = 0; age < count; age += 1) {
      const row = ((late.moment.rows[r] ?? 0) - age + rowCount) % rowCount
      const at = offset + row * rowBytes
      const known = knownCells(header, { offset: at, bytes: late.readAt(at, rowBytes) })
      const behind = currentLast - (last - age)
      if (behind < 0) homeless += known.length === 0 ? 0 : 1
      // A row about to be overwritten in the round is history that retention drops anyway.
      else if (behind < rowCount - 1) writeDifferent(current, known)
    }
  }
  return { homeless }
}

const writeDifferent = (current: LiveInode, cells: readonly Patch[]): void => {
  for (const { offset, bytes } of cells)
    if (Buffer.compare(current.readAt(offset, CELL), bytes) !== 0)
      writeSync(current.fd, bytes, 0, CELL, offset)
}
