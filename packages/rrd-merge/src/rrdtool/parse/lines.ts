import { StringDecoder } from 'node:string_decoder'
import { AnswerError } from './answer-error.ts'

/** The longest line an answer may have; rrdtool's own are far below (a row of 4096 data sources has 70 kB). */
const LONGEST_LINE = 1 << 20

/** Cuts chunks into lines (without their newline) and hands each on at once, so that garbage is noticed at its first line. */
export class LineReader {
  readonly #decoder: StringDecoder
  readonly #onLine: (line: string) => void
  #rest = ''

  constructor(onLine: (line: string) => void, encoding: 'utf8' | 'latin1' = 'utf8') {
    this.#onLine = onLine
    this.#decoder = new StringDecoder(encoding)
  }

  push(chunk: Uint8Array): void {
    const text =
      this.#rest + this.#decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#onLine(text.slice(from, end))
      from = end + 1
    }
    this.#rest = text.slice(from)
    if (this.#rest.length > LONGEST_LINE) throw new AnswerError('a line has no end', this.#rest)
  }

  /** The last line, where it has no newline. */
  end(): void {
    const rest = this.#rest + this.#decoder.end()
    this.#rest = ''
    if (rest !== '') this.#onLine(rest)
  }
}
