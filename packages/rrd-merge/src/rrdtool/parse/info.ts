import type { InfoRecord } from '../info-record.ts'
import { AnswerError } from './answer-error.ts'
import { LineReader } from './lines.ts'
import type { Reader } from './reader.ts'
import { parseValue } from './value.ts'

/** A file name has at most 4096 bytes; a graph's legend may be longer. */
const LONGEST_TEXT = 1 << 20
const ENTRY = /^(.+?) = (.*)$/s

/**
 * Reads the `key = value` lines of `info` and `graphv`. Texts are printed between quotes and not escaped, so one with a
 * newline (a file name) goes on over lines.
 */
export class EntryReader implements Reader<Map<string, string | number>> {
  readonly #entries = new Map<string, string | number>()
  #last: { key: string; text: string; open: boolean } | undefined
  readonly #lines = new LineReader((line) => this.#line(line))

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk)
  }

  end(): Map<string, string | number> {
    this.#lines.end()
    if (this.#last?.open) throw new AnswerError('a text has no end', this.#last.text)
    return this.#entries
  }

  #line(line: string): void {
    const match = this.#last?.open ? null : ENTRY.exec(line)
    const value = match?.[2] ?? ''
    const number = parseValue(value)
    if (match && number !== undefined) {
      this.#entries.set(match[1] as string, number)
      this.#last = undefined
    } else if (match && value.startsWith('"')) {
      this.#text(match[1] as string, value.slice(1))
    } else if (this.#last) {
      this.#text(this.#last.key, `${this.#last.text}\n${line}`)
    } else {
      throw new AnswerError('it printed no entry of info', line)
    }
  }

  #text(key: string, text: string): void {
    if (text.length > LONGEST_TEXT) throw new AnswerError('a text has no end', text)
    this.#last = { key, text, open: !text.endsWith('"') }
    this.#entries.set(key, text.slice(0, -1))
  }
}

/** Reads `rrdtool info`. */
export class InfoReader implements Reader<InfoRecord> {
  readonly #entries = new EntryReader()

  push(chunk: Uint8Array): void {
    this.#entries.push(chunk)
  }

  end(): InfoRecord {
    const entries = this.#entries.end()
    for (const key of ['filename', 'rrd_version', 'step', 'last_update']) {
      if (!entries.has(key)) throw new AnswerError(`its info has no ${key}`, '')
    }
    return Object.fromEntries(entries) as unknown as InfoRecord
  }
}
