import type { Image, Snapshot } from '../../image/index.ts'
import type { CarvedEntry } from '../evidence.ts'
import type { Budget } from '../reading/budget.ts'
import type { ClusterReader } from '../reading/cluster-reader.ts'
import { decodeL1, INVALID, type L1Entries } from '../reading/l1-entries.ts'
import type { TableRules } from '../reading/table-rules.ts'
import type { CarvedTable } from './carve-tables.ts'

/** An L1 table that something says is a snapshot's: an entry of the table, a carved entry, or its shape alone. */
export interface KnownL1 {
  readonly offset: number
  readonly entries: number
  readonly read: L1Entries
  /** Entries of the image's own table that name it; the survey walked it so many times. */
  readonly listed: Snapshot[]
  /** Entries found elsewhere that name it. */
  readonly carved: CarvedEntry[]
  /** Its beginning is sure: an entry says it, or what it shares with other disks. */
  readonly anchored: boolean
  /** It is taken for the table of a snapshot that lives. */
  live: boolean
}

/** L1 tables by offset and length. */
export class KnownL1s {
  readonly #byPlace = new Map<string, KnownL1>()
  readonly #reader: ClusterReader
  readonly #budget: Budget
  readonly #rules: TableRules

  constructor(reader: ClusterReader, budget: Budget, rules: TableRules) {
    this.#reader = reader
    this.#budget = budget
    this.#rules = rules
  }

  get all(): readonly KnownL1[] {
    return [...this.#byPlace.values()].sort((a, b) => a.offset - b.offset || a.entries - b.entries)
  }

  /** Those that snapshot tables name, the image's own and others. */
  async addNamed(image: Image, tables: readonly CarvedTable[]): Promise<void> {
    for (const snapshot of image.snapshots.entries) {
      if (snapshot.l1.offset === 0) continue
      const known = await this.add(snapshot.l1.offset, snapshot.l1.entries, true)
      known?.listed.push(snapshot)
    }
    for (const { entries } of tables)
      for (const entry of entries) {
        const known = await this.add(entry.l1.offset, entry.l1.entries, true)
        known?.carved.push(entry)
      }
  }

  /**
   * A table that has no entry to say its size: it has as many entries as the active one, or more where it names L2 tables
   * behind these (of machine state).
   */
  async addOrphan(offset: number, anchored: boolean, usual: number): Promise<KnownL1 | undefined> {
    const { clusterSize } = this.#rules.geometry
    const room = Math.ceil((usual * 8) / clusterSize) * clusterSize
    const bytes = await this.#reader.range(offset, room)
    if (bytes === undefined) return undefined
    const { l2s } = decodeL1(bytes, this.#rules)
    let end = l2s.indexOf(INVALID)
    if (end < 0) end = l2s.length
    while (end > usual && l2s[end - 1] === 0) end--
    return this.add(offset, end, anchored)
  }

  /** @returns undefined: the budget is used up */
  async add(offset: number, entries: number, anchored: boolean): Promise<KnownL1 | undefined> {
    const key = `${offset}/${entries}`
    const present = this.#byPlace.get(key)
    if (present) return present
    if (!this.#budget.take('l1Tables') || !this.#budget.take('l1Entries', entries)) return undefined
    const bytes = await this.#reader.range(offset, entries * 8)
    if (bytes === undefined) return undefined
    const read = decodeL1(bytes, this.#rules)
    const known: KnownL1 = { offset, entries, read, listed: [], carved: [], anchored, live: false }
    this.#byPlace.set(key, known)
    return known
  }
}
