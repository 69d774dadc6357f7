import type { LastUpdate } from '../types.ts'
import { AnswerError } from './answer-error.ts'
import { LineReader } from './lines.ts'
import type { Reader } from './reader.ts'
import { parseValue } from './value.ts'

/** Reads `rrdtool lastupdate`: a blank and a name for each data source, an empty line, `time: reading ...`. */
export class LastUpdateReader implements Reader<LastUpdate> {
  readonly #seen: string[] = []
  readonly #lines = new LineReader((line) => {
    if (this.#seen.length === 3) throw new AnswerError('it printed more than lastupdate does', line)
    this.#seen.push(line)
    if (this.#seen.length === 1 && !line.startsWith(' ')) throw new AnswerError('it printed no names', line)
  })

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk)
  }

  end(): LastUpdate {
    this.#lines.end()
    const [header = '', empty, line = ''] = this.#seen
    const names = header.slice(1).split(' ')
    const match = /^ *(\d{1,15}):((?: [^ ]*)*)$/.exec(line)
    const readings = match?.[2]?.split(' ').slice(1)
    if (empty !== '' || readings?.length !== names.length)
      throw new AnswerError('it printed no last update', line)
    const raw = Object.fromEntries(names.map((name, i) => [name, readings[i] as string]))
    const values = Object.fromEntries(
      Object.entries(raw).map(([name, reading]) => [name, parseValue(reading) ?? Number.NaN]),
    )
    return { time: Number(match?.[1]), values, raw }
  }
}
