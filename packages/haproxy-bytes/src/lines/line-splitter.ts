const LINE_FEED = 0x0a

/** No line that HAProxy writes is longer than 64 KiB; what is longer than this is skipped and counted. */
export const LONGEST_LINE = 1 << 20

export interface LineConsumer {
  /**
   * One line, without its line feed; the bytes are only valid during the call.
   *
   * @param offset of the line's first byte, from the beginning of the text
   */
  line(bytes: Uint8Array, from: number, to: number, offset: number): void
  /** A line of more than `LONGEST_LINE` bytes. */
  overlong?(length: number, offset: number): void
  /** The last line, where no line feed ends it: it may still be being written. Without this it is a `line`. */
  unended?(bytes: Uint8Array, from: number, to: number, offset: number): void
}

/** Cuts a stream of chunks into lines. Its memory is one line. */
export class LineSplitter {
  readonly #consumer: LineConsumer
  #rest: Buffer = Buffer.alloc(0)
  /** Length of an overlong line as far as it is known; 0 within a line of normal length. */
  #skipped = 0
  /** Of the line that begins next, or that `rest` is the beginning of. */
  #offset: number

  /** @param offset of the first byte that will be written */
  constructor(consumer: LineConsumer, offset = 0) {
    this.#consumer = consumer
    this.#offset = offset
  }

  /** Where the line that isn't complete yet begins. */
  get offset(): number {
    return this.#offset
  }

  write(chunk: Uint8Array): void {
    let from = 0
    while (from < chunk.length) {
      const end = chunk.indexOf(LINE_FEED, from)
      if (end < 0) {
        this.#keep(chunk.subarray(from))
        return
      }
      if (this.#skipped > 0 || this.#rest.length > 0) {
        this.#keep(chunk.subarray(from, end))
        this.#flush(this.#consumer.line)
        this.#offset++
      } else {
        this.#line(chunk, from, end, this.#consumer.line)
        this.#offset += end + 1 - from
      }
      from = end + 1
    }
  }

  /** The text ends here. */
  end(): void {
    if (this.#skipped > 0 || this.#rest.length > 0) this.#flush(this.#consumer.unended ?? this.#consumer.line)
  }

  #line(bytes: Uint8Array, from: number, to: number, tell: LineConsumer['line']): void {
    if (to - from <= LONGEST_LINE) tell.call(this.#consumer, bytes, from, to, this.#offset)
    else this.#consumer.overlong?.(to - from, this.#offset)
  }

  #keep(part: Uint8Array): void {
    if (this.#skipped > 0) {
      this.#skipped += part.length
      return
    }
    this.#rest = this.#rest.length === 0 ? Buffer.from(part) : Buffer.concat([this.#rest, part])
    if (this.#rest.length <= LONGEST_LINE) return
    this.#skipped = this.#rest.length
    this.#rest = Buffer.alloc(0)
  }

  #flush(tell: LineConsumer['line']): void {
    const [whole, length] = [this.#rest, this.#skipped || this.#rest.length]
    this.#rest = Buffer.alloc(0)
    if (this.#skipped > 0) this.#consumer.overlong?.(length, this.#offset)
    else this.#line(whole, 0, length, tell)
    this.#skipped = 0
    this.#offset += length
  }
}
