const LINE_FEED = 0x0a

/** No line that HAProxy writes is longer than 64 KiB; what is, is cut here and counted. */
export const LONGEST_LINE = 1 << 20

export interface LineConsumer {
  /** One line, without its line feed; the bytes are only valid during the call. */
  line(bytes: Uint8Array, from: number, to: number): void
  /** A line that was longer than `LONGEST_LINE`: its beginning has been given to `line` before. */
  overlong?(length: number): void
}

/** Cuts a stream of chunks into lines. Its memory is one line. */
export class LineSplitter {
  readonly #consumer: LineConsumer
  #rest: Buffer = Buffer.alloc(0)
  /** Length of an overlong line as far as it is known; 0 within a line of normal length. */
  #skipped = 0

  constructor(consumer: LineConsumer) {
    this.#consumer = consumer
  }

  write(chunk: Uint8Array): void {
    let from = 0
    while (from < chunk.length) {
      const end = chunk.indexOf(LINE_FEED, from)
      if (end < 0) {
        this.#keep(chunk.subarray(from))
        return
      }
      if (this.#skipped > 0) this.#endOverlong(end - from)
      else if (this.#rest.length > 0) {
        this.#keep(chunk.subarray(from, end))
        this.#flush()
      } else this.#line(chunk, from, end)
      from = end + 1
    }
  }

  /** The last line may have no line feed: it is a line all the same, perhaps one that is still being written. */
  end(): void {
    if (this.#skipped > 0) this.#endOverlong(0)
    else if (this.#rest.length > 0) this.#flush()
  }

  #line(bytes: Uint8Array, from: number, to: number): void {
    if (to - from <= LONGEST_LINE) {
      this.#consumer.line(bytes, from, to)
      return
    }
    this.#consumer.line(bytes, from, from + LONGEST_LINE)
    this.#consumer.overlong?.(to - from)
  }

  #keep(part: Uint8Array): void {
    if (this.#skipped > 0) {
      this.#skipped += part.length
      return
    }
    this.#rest = this.#rest.length === 0 ? Buffer.from(part) : Buffer.concat([this.#rest, part])
    if (this.#rest.length <= LONGEST_LINE) return
    this.#skipped = this.#rest.length
    this.#consumer.line(this.#rest, 0, LONGEST_LINE)
    this.#rest = Buffer.alloc(0)
  }

  #endOverlong(more: number): void {
    this.#consumer.overlong?.(this.#skipped + more)
    this.#skipped = 0
  }

  #flush(): void {
    const whole = this.#rest
    this.#rest = Buffer.alloc(0)
    if (this.#skipped > 0) this.#endOverlong(0)
    else this.#line(whole, 0, whole.length)
  }
}
