import { SaxesParser } from 'saxes'
import type { Row, Series } from '../types.ts'
import { AnswerError } from './answer-error.ts'
import { LineReader } from './lines.ts'
import type { Reader } from './reader.ts'
import { parseValue } from './value.ts'

const ENTRY = /\s*<entry>([\s\S]*?)<\/entry>\n/y

/**
 * Reads the XML of `rrdtool xport`.
 *
 * Legends are printed as they are, not escaped (1.4 to 1.9), so that part is no XML and is taken out line by line; the
 * JSON form escapes them only since 1.8. Row times are counted back from `<end>`, the last row's time in every version:
 * `<t>` is not always there, and from 1.5 to 1.7.0 it and `<start>` were a step early.
 */
export class XportReader implements Reader<Series> {
  readonly #parser = new SaxesParser()
  readonly #lines = new LineReader((line) => this.#line(line))
  readonly #meta = new Map<string, number>()
  readonly #rows: number[][] = []
  #legend: string | undefined
  #names: string[] | undefined
  #text = ''
  #ended = false

  constructor() {
    this.#parser.on('error', (error) => {
      throw new AnswerError(`its XML can't be read (${error.message})`, this.#text)
    })
    this.#parser.on('text', (text) => {
      this.#text += text
    })
    this.#parser.on('opentag', ({ name }) => {
      if (name === 'row') this.#rows.push([])
      this.#text = ''
    })
    this.#parser.on('closetag', ({ name }) => this.#close(name, this.#text.trim()))
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk)
  }

  end(): Series {
    this.#lines.end()
    this.#parser.close()
    const [end, step, columns] = ['end', 'step', 'columns'].map((name) => this.#meta.get(name))
    const names = this.#names
    if (!this.#ended || end === undefined || step === undefined || step <= 0 || !names) {
      throw new AnswerError('its XML is no export', '')
    }
    if (columns !== names.length || this.#rows.some((row) => row.length !== columns)) {
      throw new AnswerError('its export has rows of different lengths', '')
    }
    const start = end - this.#rows.length * step
    const rows: Row[] = this.#rows.map((values, i) => ({ time: start + (i + 1) * step, values }))
    return { start, end, step, names, rows }
  }

  #line(line: string): void {
    const trimmed = line.trim()
    if (trimmed === '</legend>') {
      this.#names = legends(this.#legend ?? '')
      this.#legend = undefined
    } else if (this.#legend !== undefined) {
      this.#legend += `${line}\n`
      if (this.#legend.length > 1 << 24) throw new AnswerError('its legends have no end', line)
    } else if (trimmed === '<legend>' && this.#names === undefined) {
      this.#legend = ''
    } else {
      this.#parser.write(`${line}\n`)
    }
  }

  #close(name: string, text: string): void {
    const row = this.#rows[this.#rows.length - 1]
    // `<v0>`, `<v1>` with --enumds.
    if (/^v\d*$/.test(name) && row) row.push(number(text))
    else if (name === 'end' || name === 'step' || name === 'columns') this.#meta.set(name, number(text))
    else if (name === 'xport') this.#ended = true
    this.#text = ''
  }
}

function legends(text: string): string[] {
  const names: string[] = []
  ENTRY.lastIndex = 0
  for (let match = ENTRY.exec(text); match; match = ENTRY.exec(text)) names.push(match[1] as string)
  return names
}

function number(text: string): number {
  const value = parseValue(text)
  if (value === undefined) throw new AnswerError('its export has a value that is no number', text)
  return value
}
