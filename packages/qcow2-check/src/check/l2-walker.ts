import { COMPRESSED_HIGH, entryOffset } from '../format/index.ts'
import { EntryRuns } from './entry-runs.ts'
import { countIrregular } from './irregular-entry.ts'
import type { L2Table } from './l2-tables.ts'
import type { WalkContext } from './walk-context.ts'

/** Tables of zeros, and of rubbish, that are remembered: more explain nothing. */
const MOST_EMPTY = 4096
/** References of one slice of a window that are compared by hash. Beyond, cross-links within it go unseen. */
const MOST_HASHED = 2 ** 20

/** Counts the entries of L2 tables, slice by slice. */
export class L2Walker {
  readonly empty: L2Table[] = []
  readonly garbled: L2Table[] = []
  readonly #context: WalkContext
  readonly #runs: EntryRuns
  /** Entries of the slice that earlier tables have: index and cluster. */
  #known: Set<number> | undefined
  #table: L2Table | undefined
  #usedBefore = 0
  #runsOpen = false
  /** Tables are walked from end to end. */
  #whole = true

  constructor(context: WalkContext) {
    this.#context = context
    this.#runs = new EntryRuns(context.findings)
  }

  /** @param asRows the tables of the window stand one after another in memory; else they are compared by hash */
  beginSlice(asRows: boolean, whole: boolean): void {
    this.#known = asRows ? undefined : new Set()
    this.#whole = whole
  }

  /**
   * @param at where the slice is in the kernel's memory, bytes
   * @param first entry of the table in it
   * @param rows earlier tables of the window before it in memory, `stride` bytes apart
   */
  walk(table: L2Table, at: number, first: number, entries: number, rows = 0, stride = 0): void {
    const { image, store, reader } = this.#context
    const { l2EntrySize, l2Entries } = image.geometry
    const { kernel } = store
    if (first === 0 || this.#table !== table) this.#usedBefore = kernel.used
    this.#table = table
    // Of a window's tables only one is the active disk's, so its statistics go on from slice to slice.
    if (first === 0 && table.active > 0) kernel.following = 0
    const { allocated, fragmented, compressed, used } = kernel
    const before = this.#context.tally.corruptions
    const { use } = kernel
    use.weight = table.weight
    use.active = table.active > 0
    use.rows = rows
    use.stride = stride
    for (let index = 0; index < entries; index++) {
      if (this.#known === undefined) {
        index += store.kernel.walk(at + index * l2EntrySize, entries - index)
        if (index >= entries) break
      }
      if (!this.#widened(at + index * l2EntrySize)) this.#one(table, at + index * l2EntrySize, first + index)
      else index--
    }
    if (this.#runsOpen) this.#runs.end()
    this.#runsOpen = false
    store.settle()
    const now = store.kernel
    if (table.active > 1) {
      // QEMU meets the table once for each L1 entry of the active disk.
      now.allocated += (now.allocated - allocated) * (table.active - 1)
      now.fragmented += (now.fragmented - fragmented) * (table.active - 1)
      now.compressed += (now.compressed - compressed) * (table.active - 1)
    }
    this.#judge(table, now.used - used, (this.#context.tally.corruptions - before) / table.weight)
    if (now.used === used) reader.sawZeros(entries * l2EntrySize)
    if (this.#whole && first + entries === l2Entries && now.used === this.#usedBefore)
      if (this.empty.length < MOST_EMPTY) this.empty.push(table)
  }

  /** A table with wrong entries for the most part was overwritten. */
  #judge(table: L2Table, used: number, faults: number): void {
    if (faults < 4 || faults * 2 < used || this.garbled.at(-1) === table) return
    if (this.garbled.length < MOST_EMPTY) this.garbled.push(table)
  }

  /** The first compressed cluster of an image whose counters can't tell that clusters share. */
  #widened(at: number): boolean {
    const { store } = this.#context
    if (!store.narrow || ((store.kernel.io[at] as number) & 0x40) === 0) return false
    store.widenTo(8)
    return true
  }

  #one(table: L2Table, at: number, index: number): void {
    const { image, store } = this.#context
    const { kernel } = store
    const { geometry } = image
    const view = new DataView(kernel.io.buffer, kernel.io.byteOffset + at, geometry.l2EntrySize)
    const extended = geometry.l2EntrySize === 16
    const entry = {
      high: view.getUint32(0),
      low: view.getUint32(4),
      bitmapHigh: extended ? view.getUint32(8) : 0,
      bitmapLow: extended ? view.getUint32(12) : 0,
    }
    if (this.#known !== undefined) {
      if ((entry.high | entry.low | entry.bitmapLow) === 0) return
      kernel.used++
    }
    if (!this.#runsOpen) {
      this.#runs.begin({
        offset: table.cluster * geometry.clusterSize,
        entrySize: geometry.l2EntrySize,
        guest: table.l1Index * geometry.l2Coverage,
        coverage: geometry.clusterSize,
        snapshot: table.snapshot,
      })
      this.#runsOpen = true
    }
    countIrregular(this.#context, this.#runs, entry, index, this.#again(entry, at, index))
  }

  #again({ high, low }: { high: number; low: number }, at: number, index: number): boolean {
    const known = this.#known
    if (known === undefined) return this.#context.store.kernel.seenInRows(at)
    if ((high & COMPRESSED_HIGH) !== 0) return false
    const { clusterSize } = this.#context.image.geometry
    const key = Math.floor(entryOffset(high, low) / clusterSize) * 64 + (index & 63)
    if (known.has(key) || known.size >= MOST_HASHED) return true
    known.add(key)
    return false
  }
}
