import type { Edit } from './draft.ts'

/** Unchanged bytes between two changed entries that are written along: fewer, larger writes. */
const JOINED = 64
const ENTRY = 8
/** The flag is bit 63 of a big-endian entry. */
const COPIED_BYTE = 0x80

interface FlagRun {
  readonly copied: boolean
  /** Bytes from the beginning of the table. */
  readonly from: number
  to: number
}

/**
 * Entries of one table whose COPIED flag changes, as runs: a table of a large image can have thousands, and one edit for
 * each would be as many objects. No run reaches over an entry that changes the other way, for that is written in
 * another phase.
 */
export class FlagRuns {
  readonly #table: Uint8Array
  readonly #runs: FlagRun[] = []
  #last: FlagRun | undefined
  /** Entries from which the flag is taken, and of those that get it. */
  cleared = 0
  set = 0

  /** @param table in memory; its flags are changed there */
  constructor(table: Uint8Array) {
    this.#table = table
  }

  get isEmpty(): boolean {
    return this.#last === undefined
  }

  /** @param at bytes from the beginning of the table, ascending */
  add(at: number, copied: boolean): void {
    const high = this.#table[at] as number
    this.#table[at] = copied ? high | COPIED_BYTE : high & ~COPIED_BYTE
    if (copied) this.set++
    else this.cleared++
    const last = this.#last
    if (last !== undefined && last.copied === copied && at - last.to <= JOINED) {
      last.to = at + ENTRY
      return
    }
    this.#last = { copied, from: at, to: at + ENTRY }
    this.#runs.push(this.#last)
  }

  /** @param offset of the table in the file, bytes */
  edits(copied: boolean, offset: number): readonly Edit[] {
    return this.#runs
      .filter((run) => run.copied === copied)
      .map(({ from, to }) => ({
        offset: offset + from,
        bytes: this.#table.slice(from, to),
        phase: copied ? 'lower' : 'raise',
      }))
  }
}
