import { readSync } from 'node:fs'

const LINE_FEED = 0x0a
const BLOCK = 1 << 14
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
  readonly #descriptor: number
  readonly #instantOf: InstantOf
  #read = 0

  constructor(descriptor: number, length: number, instantOf: InstantOf) {
    this.#descriptor = descriptor
    this.length = length
    this.#instantOf = instantOf
  }

  /** Bytes read so far. */
  get read(): number {
    return this.#read
  }

  /** The first line with a time that begins at `place` or after it; undefined where there is none near. */
  at(place: number): DatedLine | undefined {
    // The byte before tells whether a line begins right there.
    const begin = Math.max(place - 1, 0)
    for (let size = BLOCK; size <= FURTHEST; size *= 8) {
      const bytes = this.#bytes(begin, size)
      const found = this.#firstLine(bytes, begin, place === 0)
      if (found) return found
      if (begin + bytes.length >= this.length) return undefined
    }
    return undefined
  }

  /** The last line with a time that begins before `place`; undefined where there is none near. */
  before(place: number): DatedLine | undefined {
    for (let size = BLOCK; ; size *= 8) {
      const begin = Math.max(place - size, 0)
      const bytes = this.#bytes(begin, place - begin)
      const line = this.#lastLine(bytes, begin)
      if (line !== undefined || begin === 0 || size > FURTHEST) return line
    }
  }

  #firstLine(bytes: Uint8Array, begin: number, isLine: boolean): DatedLine | undefined {
    let from = isLine ? 0 : bytes.indexOf(LINE_FEED) + 1
    if (!isLine && from === 0) return undefined
    for (;;) {
      const to = bytes.indexOf(LINE_FEED, from)
      if (to < 0) return undefined
      const instant = this.#instantOf(bytes, from, to)
      if (instant !== undefined) return { offset: begin + from, instant }
      from = to + 1
    }
  }

  #lastLine(bytes: Uint8Array, begin: number): DatedLine | undefined {
    for (let to = bytes.lastIndexOf(LINE_FEED); to > 0; ) {
      const feed = bytes.lastIndexOf(LINE_FEED, to - 1)
      // What stands before the first line feed may be the end of a line.
      if (feed < 0 && begin > 0) return undefined
      const instant = this.#instantOf(bytes, feed + 1, to)
      if (instant !== undefined) return { offset: begin + feed + 1, instant }
      to = feed
    }
    return undefined
  }

  #bytes(from: number, size: number): Uint8Array {
    const buffer = Buffer.allocUnsafe(Math.min(size, this.length - from))
    const length = readSync(this.#descriptor, buffer, 0, buffer.length, from)
    this.#read += length
    return buffer.subarray(0, length)
  }
}
