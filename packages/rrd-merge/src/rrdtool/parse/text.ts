import { AnswerError } from './answer-error.ts'
import type { Reader } from './reader.ts'

/** Keeps an answer as text, up to a limit. */
export class TextReader implements Reader<string> {
  readonly #limit: number
  readonly #chunks: Buffer[] = []
  #size = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  push(chunk: Uint8Array): void {
    this.#size += chunk.length
    if (this.#size > this.#limit) throw new AnswerError(`it printed more than ${this.#limit} bytes`, '')
    this.#chunks.push(Buffer.from(chunk))
  }

  end(): string {
    return Buffer.concat(this.#chunks).toString('utf8')
  }
}
