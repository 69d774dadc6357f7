import { AnswerError } from './answer-error.ts'
import type { Reader } from './reader.ts'

/** The answer of a subcommand that prints nothing when it succeeds. */
export class SilenceReader implements Reader<void> {
  push(chunk: Uint8Array): void {
    const text = Buffer.from(chunk).toString('utf8')
    if (text.trim() !== '') throw new AnswerError('it printed text where rrdtool prints none', text)
  }

  end(): void {}
}
