/**
 * So much is decompressed at a time: each piece waits for another thread once, and what it holds (1032 times as much at
 * the most, by deflate) is memory.
 */
const PIECE = 1 << 16

/** Compressed bytes in pieces, of which any part may be taken. */
export class PieceReader {
  readonly #input: AsyncIterator<Uint8Array>
  #chunk: Uint8Array = new Uint8Array()
  #at = 0
  #offset = 0

  constructor(input: AsyncIterable<Uint8Array>) {
    this.#input = input[Symbol.asyncIterator]()
  }

  /** Of the next byte. */
  get offset(): number {
    return this.#offset
  }

  /** Bytes that come next, without taking them; none at the end. */
  async peek(): Promise<Uint8Array> {
    while (this.#at === this.#chunk.length) {
      const next = await this.#input.next()
      if (next.done) return new Uint8Array()
      this.#chunk = next.value
      this.#at = 0
    }
    return this.#chunk.subarray(this.#at, this.#at + PIECE)
  }

  take(count: number): void {
    this.#at += count
    this.#offset += count
  }

  /** Takes `count` bytes; fewer at the end. */
  async read(count: number): Promise<Buffer> {
    const parts: Uint8Array[] = []
    for (let length = 0; length < count; ) {
      const part = (await this.peek()).slice(0, count - length)
      if (part.length === 0) break
      this.take(part.length)
      parts.push(part)
      length += part.length
    }
    return Buffer.concat(parts)
  }

  async close(): Promise<void> {
    await this.#input.return?.()
  }
}
