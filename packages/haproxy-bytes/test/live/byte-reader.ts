import type { Readable } from 'node:stream'

/** Bytes of a stream, pulled: a message at a time, of a body that may be large only its length. */
export class ByteReader {
  #parts: Buffer[] = []
  #length = 0
  #ended = false
  #wake: (() => void) | undefined
  /** All bytes that were taken so far. */
  taken = 0

  constructor(stream: Readable) {
    stream.on('data', (part: Buffer) => {
      this.#parts.push(part)
      this.#length += part.length
      this.#wake?.()
    })
    const end = (): void => {
      this.#ended = true
      this.#wake?.()
    }
    stream.once('end', end)
    stream.once('close', end)
    stream.on('error', end)
  }

  get waiting(): number {
    return this.#length
  }

  /** Up to and including this mark; undefined where the stream ends before it. */
  async through(mark: string): Promise<Buffer | undefined> {
    for (;;) {
      const all = this.#joined()
      const at = all.indexOf(mark)
      if (at >= 0) return this.#take(at + mark.length)
      if (!(await this.#more())) return undefined
    }
  }

  /** Exactly so many bytes; fewer only where the stream ends before. */
  async exactly(count: number): Promise<Buffer> {
    while (this.#length < count && (await this.#more()));
    this.#joined()
    return this.#take(Math.min(count, this.#length))
  }

  /** Goes past so many bytes (or to the end) without keeping them; how many there were. */
  async skip(count: number): Promise<number> {
    let left = count
    do {
      while (left > 0 && this.#parts.length > 0) {
        const part = this.#parts[0] as Buffer
        const size = Math.min(left, part.length)
        this.#drop(size)
        left -= size
      }
    } while (left > 0 && (await this.#more()))
    return count - left
  }

  /** Takes whatever is there, at least a byte; undefined at the end. */
  async some(): Promise<Buffer | undefined> {
    while (this.#length === 0) if (!(await this.#more())) return undefined
    return this.#take((this.#parts[0] as Buffer).length)
  }

  /** True once the stream has ended and all was taken. */
  async finished(): Promise<boolean> {
    while (this.#length === 0) if (!(await this.#more())) return true
    return false
  }

  #joined(): Buffer {
    if (this.#parts.length > 1) this.#parts = [Buffer.concat(this.#parts)]
    return this.#parts[0] ?? Buffer.alloc(0)
  }

  #take(count: number): Buffer {
    const bytes = (this.#parts[0] ?? Buffer.alloc(0)).subarray(0, count)
    this.#drop(count)
    return bytes
  }

  #drop(count: number): void {
    const part = this.#parts[0]
    if (part === undefined) return
    if (count >= part.length) this.#parts.shift()
    else this.#parts[0] = part.subarray(count)
    this.#length -= count
    this.taken += count
  }

  async #more(): Promise<boolean> {
    if (this.#ended) return false
    const before = this.#length
    await new Promise<void>((wake) => {
      this.#wake = wake
    })
    this.#wake = undefined
    return this.#length > before || !this.#ended
  }
}
