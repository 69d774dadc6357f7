import { COPIED_HIGH, offsetHalves, writeEntry, ZERO_LOW } from '../../format/index.ts'

const ALL = 0xffff_ffff

/** An L2 table of the output. */
export class L2Builder {
  readonly bytes: Uint8Array
  /** No entry says anything: the table isn't needed. */
  empty = true
  readonly #extended: boolean

  constructor(clusterSize: number, extended: boolean) {
    this.bytes = new Uint8Array(clusterSize)
    this.#extended = extended
  }

  /** A cluster of data; with extended entries of these subclusters, the `zero` ones read as zeros. */
  data(index: number, offset: number, copied: boolean, allocated = ALL, zero = 0): void {
    const { high, low } = offsetHalves(offset)
    this.#write(index, copied ? high | COPIED_HIGH : high, low, allocated, zero)
  }

  /** Reads as zeros, whatever backing file the image is given one day. */
  zero(index: number, subclusters = ALL): void {
    this.#write(index, 0, this.#extended ? 0 : ZERO_LOW, 0, subclusters)
  }

  #write(index: number, high: number, low: number, allocated: number, zero: number): void {
    this.empty = false
    if (!this.#extended) {
      writeEntry(this.bytes, index, high, low)
      return
    }
    writeEntry(this.bytes, index * 2, high, low)
    writeEntry(this.bytes, index * 2 + 1, zero, allocated)
  }
}
