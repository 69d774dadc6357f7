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

/** L1 entries that are held back until some can be written at once. */
const HELD = 512

/** An L1 table of the output, filled in ascending order. */
export class OutputL1 {
  /** Bytes. */
  readonly offset: number
  readonly entries: number
  readonly #output: OutputFile
  #first = 0
  #held: Buffer | undefined

  constructor(output: OutputFile, offset: number, entries: number) {
    this.offset = offset
    this.entries = entries
    this.#output = output
  }

  /** @param entry offset of an L2 table with its COPIED flag */
  async set(index: number, entry: bigint): Promise<void> {
    if (this.#held && index >= this.#first + HELD) await this.flush()
    if (!this.#held) {
      this.#held = Buffer.alloc(HELD * 8)
      this.#first = index - (index % HELD)
    }
    this.#held.writeBigUInt64BE(entry, (index - this.#first) * 8)
  }

  async flush(): Promise<void> {
    const held = this.#held
    this.#held = undefined
    if (held)
      await this.#output.write(
        held.subarray(0, Math.min(HELD, this.entries - this.#first) * 8),
        this.offset + this.#first * 8,
      )
  }
}
