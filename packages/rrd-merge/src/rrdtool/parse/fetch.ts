import type { Row } from '../types.ts'
import { AnswerError } from './answer-error.ts'
import { LineReader } from './lines.ts'
import type { Reader } from './reader.ts'
import { parseValue } from './value.ts'

/** rrd_tool.c prints the header as 11 blanks and `%20s` for each name, a row as `%10lu:` and ` %0.10e` for each value. */
const MARGIN = 11
const COLUMN = 20
const ROW = /^ *(\d{1,15}):((?: [^ ]+)*)$/

export interface FetchedRows {
  readonly names: string[]
  readonly rows: Row[]
}

/** Reads `rrdtool fetch` line by line. */
export class FetchReader implements Reader<FetchedRows> {
  #names: string[] | undefined
  #blank = false
  readonly #rows: Row[] = []
  // Column widths count bytes, so lines are taken as Latin-1 and only names are decoded.
  readonly #lines = new LineReader((line) => this.#line(line), 'latin1')

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk)
  }

  end(): FetchedRows {
    this.#lines.end()
    if (!this.#names || this.#rows.length === 0) throw new AnswerError('it printed no rows', '')
    return { names: this.#names, rows: this.#rows }
  }

  #line(line: string): void {
    if (!this.#names) {
      this.#names = columnNames(line)
    } else if (!this.#blank) {
      if (line !== '') throw new AnswerError('it printed no header of fetch', line)
      this.#blank = true
    } else {
      this.#rows.push(this.#row(line, this.#names.length))
    }
  }

  #row(line: string, width: number): Row {
    const match = ROW.exec(line)
    const values = match?.[2]?.split(' ').slice(1).map(parseValue)
    if (!values || values.length !== width || values.includes(undefined)) {
      throw new AnswerError('it printed no row of fetch', line)
    }
    return { time: Number(match?.[1]), values: values as number[] }
  }
}

function columnNames(line: string): string[] {
  if (!line.startsWith(' '.repeat(MARGIN))) throw new AnswerError('it printed no header of fetch', line)
  const columns = line.slice(MARGIN)
  const names =
    columns.length % COLUMN === 0
      ? Array.from({ length: columns.length / COLUMN }, (_, i) =>
          columns.slice(i * COLUMN, (i + 1) * COLUMN).trimStart(),
        )
      : columns.trim().split(/ +/)
  return names.map((name) => Buffer.from(name, 'latin1').toString('utf8'))
}
