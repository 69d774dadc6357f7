/** Keeps the last bytes of a stream: enough to say what a program printed instead of an answer. */
export class Tail {
  readonly #limit: number
  #kept = Buffer.alloc(0)

  constructor(limit = 4096) {
    this.#limit = limit
  }

  push(chunk: Uint8Array): void {
    this.#kept = Buffer.from(Buffer.concat([this.#kept, chunk]).subarray(-this.#limit))
  }

  toString(): string {
    return this.#kept.toString('utf8').trim()
  }
}
