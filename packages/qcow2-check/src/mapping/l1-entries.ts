import type { BlockSource } from '../source/index.ts'
import type { GuestDisk } from './disk.ts'
import { type L1Target, l1Target } from './l1-entry.ts'
import type { TableContext } from './table-context.ts'
import { type ByteRange, readTolerantly } from './tolerant-read.ts'

/** What an L1 index leads to: `l1Target`, or why there is no entry to look at. */
export type L1Lookup =
  | L1Target
  | 'header-l1-offset'
  | 'header-l1-size'
  | 'snapshot-l1-offset'
  | 'snapshot-l1-size'
  | 'truncated'
  | 'read-error'

const NONE: ReadonlySet<number> = new Set()

/** An L1 table, of which a part at a time is in memory. */
export class L1Entries {
  readonly #source: BlockSource
  readonly #disk: GuestDisk
  readonly #context: TableContext
  readonly #perRead: number
  #first = 0
  #count = 0
  #view: DataView = new DataView(new ArrayBuffer(0))
  #bad = NONE
  #buffer = new Uint8Array(0)

  /** @param perRead entries in memory at a time */
  constructor(source: BlockSource, disk: GuestDisk, context: TableContext, perRead = 65536) {
    this.#source = source
    this.#disk = disk
    this.#context = context
    this.#perRead = perRead
  }

  /** Entries that can be looked at; behind them all is lost, for one reason. */
  get count(): number {
    const { l1, l1Bytes } = this.#disk
    return l1Bytes ? l1Bytes.length / 8 : l1.entries
  }

  lookup(index: number): L1Lookup | Promise<L1Lookup> {
    if (index >= this.count) return this.#missing(index)
    if (index >= this.#first && index < this.#first + this.#count) return this.#at(index)
    return this.#load(index).then(() => this.#at(index))
  }

  /** The first index from `index` on, below `end`, that may lead somewhere; zeros are passed over. */
  skipZeros(index: number, end: number): number {
    const last = Math.min(end, this.#first + this.#count)
    let next = index
    while (next < last && next >= this.#first && this.#isZero(next)) next++
    return next
  }

  #isZero(index: number): boolean {
    const at = (index - this.#first) * 8
    return (
      this.#view.getUint32(at) === 0 &&
      this.#view.getUint32(at + 4) === 0 &&
      !this.#bad.has(index - this.#first)
    )
  }

  #at(index: number): L1Lookup {
    const at = (index - this.#first) * 8
    if (this.#bad.has(index - this.#first)) return 'read-error'
    return l1Target(this.#view.getUint32(at), this.#view.getUint32(at + 4), this.#context)
  }

  async #load(index: number): Promise<void> {
    const { l1, l1Bytes } = this.#disk
    const count = Math.min(this.#perRead, this.count - index)
    let bad = NONE
    let bytes: Uint8Array
    if (l1Bytes) bytes = l1Bytes.subarray(index * 8, (index + count) * 8)
    else {
      if (this.#buffer.length < count * 8) this.#buffer = new Uint8Array(count * 8)
      bytes = this.#buffer.subarray(0, count * 8)
      const start = l1.offset + index * 8
      const ranges = await readTolerantly(this.#source, bytes, start)
      if (ranges.length > 0) bad = badEntries(ranges, start)
    }
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#first = index
    this.#count = count
    this.#bad = bad
  }

  #missing(index: number): L1Lookup {
    const { kind, l1 } = this.#disk
    const owner = kind === 'active' ? 'header' : 'snapshot'
    if (l1.offset === 0) return `${owner}-l1-offset`
    return index < l1.claimedEntries ? 'truncated' : `${owner}-l1-size`
  }
}

function badEntries(ranges: readonly ByteRange[], start: number): ReadonlySet<number> {
  const bad = new Set<number>()
  for (const { offset, length } of ranges) {
    const end = Math.ceil((offset + length - start) / 8)
    for (let entry = Math.floor((offset - start) / 8); entry < end; entry++) bad.add(entry)
  }
  return bad
}
