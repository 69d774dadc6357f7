import type { BlockSource } from '../source/index.ts'
import { readRange } from './read-range.ts'

/** Bytes; holds most tables of variable-length entries whole. */
const WINDOW = 65536

/** A read through a table of small entries that costs one read of the source per window, not one per entry. */
export class TableWindow {
  readonly #source: BlockSource
  #offset = 0
  #bytes: Uint8Array = new Uint8Array(0)
  #error: string | undefined

  constructor(source: BlockSource) {
    this.#source = source
  }

  /** Why the last `bytes` was shorter than asked, if not for the end of the source. */
  get error(): string | undefined {
    return this.#error
  }

  /** @returns a view, shorter where the source ends or can't be read */
  async bytes(offset: number, length: number): Promise<Uint8Array> {
    if (offset < this.#offset || offset + length > this.#offset + this.#bytes.length) {
      const { bytes, error } = await readRange(this.#source, offset, Math.max(WINDOW, length))
      this.#offset = offset
      this.#bytes = bytes
      this.#error = error
    }
    const start = offset - this.#offset
    return this.#bytes.subarray(start, start + length)
  }
}
