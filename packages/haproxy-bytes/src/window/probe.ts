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
  /** ms of UTC: of `isBegin` when its transfer began, which is no later than its end. */
  readonly instant: number
  readonly isBegin?: true
}

/** The instant of a line; undefined where it shows none. */
export type InstantOf = (bytes: Uint8Array, from: number, to: number) => number | undefined

type ReadLine = (bytes: Uint8Array, from: number, to: number, begin: number) => DatedLine | undefined

/** Looks at lines of a file here and there. */
export class ProbedLines {
  /** Of the file. */
  readonly length: number
  /** Bytes that are read at a place, if a line ends in them. */
  readonly block: number
  readonly #descriptor: number
  readonly #instantOf: InstantOf
  readonly #beginOf: InstantOf
  #read = 0
  #seen = 0
  #lines = 0

  /** @param beginOf what shows of a line that isn't read: when its transfer began, or what can't be after its end */
  constructor(
    descriptor: number,
    length: number,
    instantOf: InstantOf,
    beginOf: InstantOf = () => undefined,
  ) {
    this.#descriptor = descriptor
    this.length = length
    this.block = length < SMALL ? SMALL_BLOCK : BLOCK
    this.#instantOf = instantOf
    this.#beginOf = beginOf
  }

  /** Bytes read so far. */
  get read(): number {
    return this.#read
  }

  /** About: of the lines that were seen. */
  get bytesOfLine(): number {
    return this.#seen / Math.max(this.#lines, 1)
  }

  /** The first line with a time that begins at `place` or after it; undefined where there is none near. */
  at(place: number): DatedLine | undefined {
    return this.#at(place, (...line) => this.#dated(...line))?.first
  }

  /** That line, and the last one of what was read with it: to tell whether they are in order, their begins will mostly do. */
  about(place: number): readonly DatedLine[] {
    const found = this.#at(place, (...line) => this.#begun(...line))
    if (!found) return []
    const { first, bytes } = found
    const last = this.#lastLine(bytes, first.offset, true, (...line) => this.#begun(...line))
    return last && last.offset > first.offset ? [first, last] : [first]
  }

  #at(place: number, read: ReadLine): { first: DatedLine; bytes: Uint8Array } | undefined {
    // The byte before tells whether a line begins right there.
    const begin = Math.max(place - 1, 0)
    for (let size = this.block; size <= FURTHEST; size *= 8) {
      const bytes = this.#bytes(begin, size)
      const first = this.#firstLine(bytes, begin, place === 0, read)
      if (first) return { first, bytes: bytes.subarray(first.offset - begin) }
      if (begin + bytes.length >= this.length) return undefined
    }
    return undefined
  }

  /** The last line with a time that begins before `place`; undefined where there is none near. */
  before(place: number): DatedLine | undefined {
    for (let size = this.block; ; size *= 8) {
      const begin = Math.max(place - size, 0)
      const bytes = this.#bytes(begin, place - begin)
      const line = this.#lastLine(bytes, begin, begin === 0, (...one) => this.#dated(...one))
      if (line !== undefined || begin === 0 || size > FURTHEST) return line
    }
  }

  #firstLine(bytes: Uint8Array, begin: number, isLine: boolean, read: ReadLine): DatedLine | undefined {
    let from = isLine ? 0 : bytes.indexOf(LINE_FEED) + 1
    if (!isLine && from === 0) return undefined
    for (;;) {
      const to = bytes.indexOf(LINE_FEED, from)
      if (to < 0) return undefined
      this.#seen += to + 1 - from
      this.#lines++
      const line = read(bytes, from, to, begin)
      if (line) return line
      from = to + 1
    }
  }

  /** @param isLine a line begins with the first byte; else what stands before the first line feed is none */
  #lastLine(bytes: Uint8Array, begin: number, isLine: boolean, read: ReadLine): DatedLine | undefined {
    for (let to = bytes.lastIndexOf(LINE_FEED); to > 0; ) {
      const feed = bytes.lastIndexOf(LINE_FEED, to - 1)
      if (feed < 0 && !isLine) return undefined
      const line = read(bytes, feed + 1, to, begin)
      if (line) return line
      to = feed
    }
    return undefined
  }

  #dated(bytes: Uint8Array, from: number, to: number, begin: number): DatedLine | undefined {
    const instant = this.#instantOf(bytes, from, to)
    return instant === undefined ? undefined : { offset: begin + from, instant }
  }

  #begun(bytes: Uint8Array, from: number, to: number, begin: number): DatedLine | undefined {
    const instant = this.#beginOf(bytes, from, to)
    if (instant === undefined) return this.#dated(bytes, from, to, begin)
    return { offset: begin + from, instant, isBegin: true }
  }

  #bytes(from: number, size: number): Uint8Array {
    const buffer = Buffer.allocUnsafe(Math.max(Math.min(size, this.length - from), 0))
    const length = readSync(this.#descriptor, buffer, 0, buffer.length, from)
    this.#read += length
    return buffer.subarray(0, length)
  }
}
