import type { WritableSource } from './source.ts'

/** An image in memory: for tests, and for callers that have the bytes already. */
export class MemorySource implements WritableSource {
  readonly name: string
  #bytes: Uint8Array
  #size: number

  /** @param bytes taken as it is, not copied; writes go into it while they fit */
  constructor(bytes: Uint8Array, name = 'memory') {
    this.name = name
    this.#bytes = bytes
    this.#size = bytes.length
  }

  get size(): number {
    return this.#size
  }

  /** The present contents; a view, valid until the next write beyond the end. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#size)
  }

  read(target: Uint8Array, offset: number): number {
    if (offset >= this.#size) return 0
    const part = this.#bytes.subarray(offset, Math.min(offset + target.length, this.#size))
    target.set(part)
    return part.length
  }

  write(bytes: Uint8Array, offset: number): void {
    if (offset + bytes.length > this.#size) this.truncate(offset + bytes.length)
    this.#bytes.set(bytes, offset)
  }

  truncate(size: number): void {
    if (size > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(size, Math.min(this.#bytes.length * 2, 2 ** 30)))
      larger.set(this.bytes)
      this.#bytes = larger
    } else if (size > this.#size) {
      this.#bytes.fill(0, this.#size, size)
    }
    this.#size = size
  }

  flush(): void {}
}
