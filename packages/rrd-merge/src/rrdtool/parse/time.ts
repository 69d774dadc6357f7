import { AnswerError } from './answer-error.ts'
import { LineReader } from './lines.ts'
import type { Reader } from './reader.ts'

/** The one integer that `first` and `last` print: seconds since 1970. */
export class TimeReader implements Reader<number> {
  #time: number | undefined
  readonly #lines = new LineReader((line) => {
    if (this.#time !== undefined || !/^-?\d{1,15}$/.test(line))
      throw new AnswerError('it printed no time', line)
    this.#time = Number(line)
  })

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk)
  }

  end(): number {
    this.#lines.end()
    if (this.#time === undefined) throw new AnswerError('it printed no time', '')
    return this.#time
  }
}
