import { AnswerError } from './answer-error.ts'
import { LineReader } from './lines.ts'
import type { Reader } from './reader.ts'

/** The answer of tune: nothing, or with arguments that are no options a line a data source, `DS[a] typ: ..` (rrd_tune.c). */
export class ListingReader implements Reader<void> {
  readonly #lines = new LineReader((line) => {
    if (!/^DS\[.*\] typ: /.test(line)) throw new AnswerError('it printed no list of data sources', line)
  })

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk)
  }

  end(): void {
    this.#lines.end()
  }
}
