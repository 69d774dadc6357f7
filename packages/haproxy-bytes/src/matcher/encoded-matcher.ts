import type { Encoding, Field, LogFormat } from '../log-format/index.ts'
import { readCborHexPairs, readCborPairs } from './cbor.ts'
import type { LineMatcher, Outcome } from './line-matcher.ts'
import { readJsonPairs } from './pairs.ts'
import { newSpans, type Spans } from './spans.ts'

const READERS = { json: readJsonPairs, cbor: readCborHexPairs, 'cbor-raw': readCborPairs }

/** Finds the fields of a format that is JSON or CBOR as a whole, by the names of its items. */
export class EncodedMatcher implements LineMatcher {
  readonly fields: readonly Field[]
  readonly spans: Spans
  readonly doubtful: readonly number[] = []
  readonly #read: (typeof READERS)['json']
  readonly #numbers: ReadonlyMap<string, number>
  /** The values, one after the other: within the line they are escaped, or no text at all. */
  #text = Buffer.alloc(0)

  constructor({ items, encoding }: LogFormat & { encoding: Exclude<Encoding, 'text'> }) {
    // An item without a name is not written.
    this.fields = items.filter((item): item is Field => item.kind === 'field' && item.name !== undefined)
    this.spans = newSpans(this.fields.length)
    this.#read = READERS[encoding]
    this.#numbers = new Map(this.fields.map(({ name }, number) => [name as string, number]))
  }

  textOf(): Uint8Array {
    return this.#text
  }

  match(bytes: Uint8Array, at: number, end: number): Outcome {
    this.spans.from.fill(-1)
    let text = ''
    let known = 0
    const outcome = this.#read(bytes, at, end, (name, value) => {
      const number = this.#numbers.get(name)
      if (number === undefined) return
      known++
      this.spans.from[number] = text.length
      text += value
      this.spans.to[number] = text.length
    })
    this.#text = Buffer.from(text, 'latin1')
    // Somebody else's object is none of this format.
    return outcome === 'whole' && known < this.fields.length ? 'none' : outcome
  }
}
