import { AnswerError } from './answer-error.ts'
import type { Reader } from './reader.ts'
import { TextReader } from './text.ts'

const BEGIN = /^\s*(?:<\?xml|<!DOCTYPE rrd|<!--|<rrd)/
/** Enough to tell XML from anything else. */
const ENOUGH = 16

/** Keeps the XML of `rrdtool dump`; what is none is refused at its first bytes. */
export class DumpReader implements Reader<string> {
  readonly #text: TextReader
  #begin: string | undefined = ''

  constructor(limit: number) {
    this.#text = new TextReader(limit)
  }

  push(chunk: Uint8Array): void {
    if (this.#begin !== undefined) {
      this.#begin += Buffer.from(chunk.subarray(0, ENOUGH)).toString('latin1')
      if (this.#begin.length >= ENOUGH) this.#check(this.#begin)
    }
    this.#text.push(chunk)
  }

  end(): string {
    if (this.#begin !== undefined) this.#check(this.#begin)
    const text = this.#text.end()
    if (!text.slice(-64).trimEnd().endsWith('</rrd>'))
      throw new AnswerError('its XML has no end', text.slice(-64))
    return text
  }

  #check(begin: string): void {
    if (!BEGIN.test(begin)) throw new AnswerError('it printed no XML', begin)
    this.#begin = undefined
  }
}
