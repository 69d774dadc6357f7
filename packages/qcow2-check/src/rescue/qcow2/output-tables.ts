import type { OutputFile } from '../output-file.ts'
import type { ReferenceCounts } from './reference-counts.ts'

/** New clusters at the end of the output. */
export class Allocator {
  readonly #references: ReferenceCounts
  #next: number

  /** @param next the first free cluster */
  constructor(next: number, references: ReferenceCounts) {
    this.#next = next
    this.#references = references
  }

  /** The first cluster that is not in use, and none behind it is. */
  get next(): number {
    return this.#next
  }

  /** @returns the first of `count` clusters, with `references` each */
  take(count: number, references: number): number {
    const first = this.#next
    this.#next += count
    for (let at = 0; at < count; at++) this.#references.add(first + at, references)
    return first
  }
}

/** L1 entries that are held back until some can be written at once: of one table, and of all together. */
const HELD = { most: 512, all: 2 ** 20, least: 8 } as const

/** @param tables that are written at the same time */
export function heldEntries(tables: number): number {
  return Math.max(HELD.least, Math.min(HELD.most, Math.floor(HELD.all / tables)))
}

/** An L1 table of the output, filled in ascending order. */
export class OutputL1 {
  /** Bytes. */
  readonly offset: number
  readonly entries: number
  readonly #output: OutputFile
  readonly #hold: number
  #first = 0
  #held: Buffer | undefined
  #dirty = false

  /** @param hold entries that are written at once */
  constructor(output: OutputFile, offset: number, entries: number, hold: number) {
    this.offset = offset
    this.entries = entries
    this.#output = output
    this.#hold = hold
  }

  /** @param entry offset of an L2 table with its COPIED flag */
  async set(index: number, entry: bigint): Promise<void> {
    if (this.#dirty && index >= this.#first + this.#hold) await this.flush()
    this.#held ??= Buffer.alloc(this.#hold * 8)
    if (!this.#dirty) this.#first = index - (index % this.#hold)
    this.#dirty = true
    this.#held.writeBigUInt64BE(entry, (index - this.#first) * 8)
  }

  async flush(): Promise<void> {
    if (!this.#held || !this.#dirty) return
    const length = Math.min(this.#hold, this.entries - this.#first) * 8
    await this.#output.write(this.#held.subarray(0, length), this.offset + this.#first * 8)
    this.#held.fill(0)
    this.#dirty = false
  }
}
