import { writeSync } from 'node:fs'
import { abiOf } from '../format/architecture.ts'
import { isCyclicState, type RrdHeader } from '../format/index.ts'
import type { LiveInode } from './inode.ts'
import type { Moment } from './moment.ts'
import type { Patch } from './types.ts'

const CELL = 8

/** Cells by their offset in the file. */
export type Cells = Map<number, Uint8Array>

/** The cells of `bytes`, which lie at `offset`, apart by whether they are known. */
const cellsOf = (header: RrdHeader, { offset, bytes }: Patch): { known: Cells; unknown: number } => {
  const littleEndian = abiOf(header.architecture).littleEndian
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const known: Cells = new Map()
  for (let at = 0; at + CELL <= bytes.length; at += CELL)
    if (!Number.isNaN(view.getFloat64(at, littleEndian)))
      known.set(offset + at, bytes.subarray(at, at + CELL))
  return { known, unknown: bytes.length / CELL - known.size }
}

/**
 * Keeps the known cells that a late update wrote. The first to have written a cell keeps it: of two late updates
 * the earlier one saw the readings before it, the later one may not have.
 * @returns how many of the cells are unknown
 */
export const keepKnown = (kept: Cells, late: LiveInode, from: Moment): number => {
  let unknowns = 0
  for (const patch of late.cellsSince(from)) {
    const { known, unknown } = cellsOf(late.header, patch)
    unknowns += unknown
    for (const [offset, bytes] of known) if (!kept.has(offset)) kept.set(offset, bytes)
  }
  return unknowns
}

/**
 * Writes the rows that `late` got since `from` into `current`, whose updaters have gone on past them, in place:
 * rows of the past lie outside of what an update writes, and a cell is one aligned write of 8 bytes. The late update
 * saw every reading up to its time, the updates of `current` did not, so where both know a cell `late` is right.
 * Both files have one layout, and a row time is at the same physical row in both.
 * @param kept what to write for a cell rather than what `late` has
 * @returns complete rows with a known value for which `current` has no place yet
 */
export const placeLateRows = (late: LiveInode, from: Moment, current: LiveInode, kept: Cells): number => {
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
      const { known } = cellsOf(header, { offset: at, bytes: late.readAt(at, rowBytes) })
      const behind = currentLast - (last - age)
      if (behind < 0) homeless += known.size === 0 ? 0 : 1
      // A row about to be overwritten in the round is history that retention drops anyway.
      else if (behind < rowCount - 1)
        for (const [cell, bytes] of known) writeDifferent(current, cell, kept.get(cell) ?? bytes)
    }
  }
  return homeless
}

const writeDifferent = (current: LiveInode, offset: number, bytes: Uint8Array): void => {
  if (Buffer.compare(current.readAt(offset, CELL), bytes) !== 0) writeSync(current.fd, bytes, 0, CELL, offset)
}
