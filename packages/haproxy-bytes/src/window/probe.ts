import { readSync } from 'node:fs'

const LINE_FEED = 0x0a
/** What is read at a place holds some lines; of a small file less, so that all places together stay a hundredth of it. */
const BLOCK = 1 << 12
const SMALL_BLOCK = 1 << 10
const SMALL = 1 << 27
/** Where so much holds no line with a time, there is no use in looking on. */
const FURTHEST = 1 << 20

export interface DatedLine {
  /** Of the line's first byte. */
  readonly offset: number
  /** ms of UTC */
  readonly instant: number
}

/** The instant of a line; undefined where it shows none. */
export type InstantOf = (bytes: Uint8Array, from: number, to: number) => number | undefined

/** Looks at lines of a file here and there. */
export class ProbedLines {
  /** Of the file. */
  readonly length: number
  /** Bytes that are read at a place, if a line ends in them. */
  readonly block: number
  readonly #descriptor: number
  readonly #instantOf: InstantOf
  #read = 0
  #seen = 0
  #lines = 0

  constructor(descriptor: number, length: number, instantOf: InstantOf) {
    this.#descriptor = descriptor
    this.length = length
    this.block = length < SMALL ? SMALL_BLOCK : BLOCK
    this.#instantOf = instantOf
  }

  /** Bytes read so far. */
  get read(): number {
    return this.#read
  }

  /** About: of the lines that were seen. */
  get bytesOfLine(): number {
    return this.#seen / Math.max(this.#lines, 1)
  }

  /**
   * The first line with a time that begins at `place` or after it, and the last one of what was read with it; none where
   * there is none near.
   */
  at(place: number): readonly DatedLine[] {
    // The byte before tells whether a line begins right there.
    const begin = Math.max(place - 1, 0)
    for (let size = this.block; size <= FURTHEST; size *= 8) {
      const bytes = this.#bytes(begin, size)
      const first = this.#firstLine(bytes, begin, place === 0)
      if (first) {
        const last = this.#lastLine(bytes.subarray(first.offset - begin), first.offset, true)
        return last && last.offset > first.offset ? [first, last] : [first]
      }
      if (begin + bytes.length >= this.length) return []
    }
    return []
  }

  /** The last line with a time that begins before `place`; undefined where there is none near. */
  before(place: number): DatedLine | undefined {
    for (let size = this.block; ; size *= 8) {
      const begin = Math.max(place - size, 0)
      const line = this.#lastLine(this.#bytes(begin, place - begin), begin, begin === 0)
      if (line !== undefined || begin === 0 || size > FURTHEST) return line
    }
  }

  #firstLine(bytes: Uint8Array, begin: number, isLine: boolean): DatedLine | undefined {
    let from = isLine ? 0 : bytes.indexOf(LINE_FEED) + 1
    if (!isLine && from === 0) return undefined
    for (;;) {
      const to = bytes.indexOf(LINE_FEED, from)
      if (to < 0) return undefined
      this.#seen += to + 1 - from
      this.#lines++
      const instant = this.#instantOf(bytes, from, to)
      if (instant !== undefined) return { offset: begin + from, instant }
      from = to + 1
    }
  }

  /** @param isLine a line begins with the first byte; else what stands before the first line feed is none */
  #lastLine(bytes: Uint8Array, begin: number, isLine: boolean): DatedLine | undefined {
    for (let to = bytes.lastIndexOf(LINE_FEED); to > 0; ) {
      const feed = bytes.lastIndexOf(LINE_FEED, to - 1)
      if (feed < 0 && !isLine) return undefined
      const instant = this.#instantOf(bytes, feed + 1, to)
      if (instant !== undefined) return { offset: begin + feed + 1, instant }
      to = feed
    }
    return undefined
  }

  #bytes(from: number, size: number): Uint8Array {
    const buffer = Buffer.allocUnsafe(Math.max(Math.min(size, this.length - from), 0))
    const length = readSync(this.#descriptor, buffer, 0, buffer.length, from)
    this.#read += length
    return buffer.subarray(0, length)
  }
}
