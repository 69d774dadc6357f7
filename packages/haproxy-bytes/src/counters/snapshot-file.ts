import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, readSync, writeSync } from 'node:fs'
import type { Snapshot } from './counters.ts'
import { CountersError } from './counters-error.ts'
import { formatSnapshotLine, SNAPSHOT_SCHEMA } from './snapshot-line.ts'

const LINE_FEED = 0x0a
const BEGINNING = `{"schema":"${SNAPSHOT_SCHEMA}"`
const PIECE = 65_536

/** A file of snapshots that grows by whole lines. */
export class SnapshotFile {
  readonly #fd: number
  /** Bytes of a line that a killed run had left unfinished, and that were taken away. */
  readonly healed: number

  /**
   * @param fd of a regular file, open to read and to append; it is closed by this
   * @throws CountersError `no-counters` where it holds anything else: nothing is changed then
   */
  constructor(fd: number) {
    this.#fd = fd
    try {
      this.healed = heal(fd)
    } catch (error) {
      closeSync(fd)
      throw error
    }
  }

  /**
   * Appends one line. When it returns the line is on the disk; where it throws (a full disk) the file is as before.
   * @throws NodeJS.ErrnoException
   */
  append(snapshot: Snapshot): void {
    const line = Buffer.from(`${formatSnapshotLine(snapshot)}\n`)
    const before = fstatSync(this.#fd).size
    let done = 0
    try {
      // One write as a rule: a kill finds either all of it or, at worst, a last line without its end.
      while (done < line.length) done += writeSync(this.#fd, line, done)
    } catch (error) {
      if (done > 0) ftruncateSync(this.#fd, before)
      throw error
    }
    fdatasyncSync(this.#fd)
  }

  close(): void {
    closeSync(this.#fd)
  }
}

/** Takes away a last line that has no end. */
function heal(fd: number): number {
  const { size } = fstatSync(fd)
  if (size === 0) return 0
  const start = Buffer.alloc(Math.min(BEGINNING.length, size))
  readSync(fd, start, 0, start.length, 0)
  // Even the first line may have been torn.
  if (!BEGINNING.startsWith(start.toString('latin1'))) throw new CountersError('no-counters', 1)
  const end = lastLineEnd(fd, size)
  if (end < size) ftruncateSync(fd, end)
  return size - end
}

/** Behind the last line feed; 0 where there is none. */
function lastLineEnd(fd: number, size: number): number {
  const piece = Buffer.alloc(PIECE)
  for (let to = size; to > 0; to -= PIECE) {
    const from = Math.max(0, to - PIECE)
    const length = readSync(fd, piece, 0, to - from, from)
    const at = piece.subarray(0, length).lastIndexOf(LINE_FEED)
    if (at >= 0) return from + at + 1
  }
  return 0
}
