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
  readonly #runs: FlagRun[] = []
  /** Offsets within the table, with the flag that each is to have in the lowest bit: entries are 8-byte aligned. */
  readonly #entries: number[] = []
  /** Entries from which the flag is taken, and of those that get it. */
  cleared = 0
  set = 0

  /** @param at bytes from the beginning of the table, ascending */
  add(at: number, copied: boolean): void {
    if (copied) this.set++
    else this.cleared++
    this.#entries.push(copied ? at + 1 : at)
    const last = this.#runs[this.#runs.length - 1]
    if (last !== undefined && last.copied === copied && at - last.to <= JOINED) last.to = at + ENTRY
    else this.#runs.push({ copied, from: at, to: at + ENTRY })
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0
  }

  /** Sets the flags in the table. */
  apply(table: Uint8Array): void {
    for (const entry of this.#entries) {
      const at = entry - (entry % ENTRY)
      const high = table[at] as number
      table[at] = entry === at ? high & ~COPIED_BYTE : high | COPIED_BYTE
    }
  }

  /**
   * @param offset of the table in the file, bytes
   * @param table as it is to be
   */
  edits(copied: boolean, offset: number, table: Uint8Array): readonly Edit[] {
    return this.#runs
      .filter((run) => run.copied === copied)
      .map(({ from, to }) => ({
        offset: offset + from,
        bytes: table.slice(from, to),
        phase: copied ? 'lower' : 'raise',
      }))
  }
}
