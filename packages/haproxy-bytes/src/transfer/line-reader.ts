import { type Envelope, envelopeBefore, readEnvelope } from '../envelope/index.ts'
import { type Field, fieldName, type LogFormat } from '../log-format/index.ts'
import { type LineMatcher, matcherOf, type Outcome } from '../matcher/index.ts'
import { type FieldValue, fieldValues } from './field-values.ts'
import { type OtherKind, otherKind } from './other-lines.ts'
import type { Transfer } from './transfer.ts'
import { type Clock, TransferReader } from './transfer-reader.ts'

/**
 * `transfer`: read whole; `cut`: the line ends before its format does; `ambiguous`: a client could have written what
 * is asked for; `no-bytes`: a connection whose format has no byte count; `other`: no transfer; `too-long`: not looked at;
 * `unknown`: none of these.
 */
export type Reading =
  | {
      readonly kind: 'transfer'
      readonly transfer: Transfer
      readonly envelope: Envelope
      readonly format: number
      /** Any field by its name, until the next line is read. */
      readonly fields: FieldTexts
    }
  | { readonly kind: 'cut' | 'ambiguous' | 'no-bytes' | 'too-long' | 'unknown' }
  | { readonly kind: 'other'; readonly other: OtherKind }

export type FieldTexts = Pick<TransferReader, 'fieldText'>

interface Way {
  readonly format: number
  readonly matcher: LineMatcher
  readonly reader: TransferReader
  readonly hasBytes: boolean
}

/** Names of fields that make a total wrong where a client could have written them. */
export const COUNTED = [
  'B',
  'U',
  'bytes_out',
  'bytes_in',
  'f',
  'ft',
  'b',
  's',
  'ST',
  'ts',
  'tsc',
  't',
  'tr',
  'Ta',
  'Tt',
]

/** The same, as a transfer has them. */
const SUMMED = [
  'bytesOut',
  'bytesIn',
  'frontend',
  'backend',
  'server',
  'status',
  'state',
  'partial',
  'instant',
] as const

/** What a transfer has beside: left out where it is in doubt. */
const TOLD = ['ci', 'cp', 'rc', 'lc', 'rt', 'T', 'Tl', 'trg', 'trl']

/**
 * Reads lines of several formats in one file. The format with the most text of its own is tried first: of two that a
 * line fits, it says more (`option tcplog clf` is an `option httplog clf` whose request is `TCP `).
 */
export class LineReader {
  readonly #ways: readonly Way[]
  readonly #asked: ReadonlySet<string>
  /** Of the last transfer. */
  #way: Way | undefined

  /** @param asked names of further fields (an alias, a fetch as written) that are to be had without doubt */
  constructor(formats: readonly LogFormat[], clock: Clock, asked: readonly string[] = []) {
    this.#asked = new Set([...COUNTED, ...asked])
    const wanted = new Set([...this.#asked, ...TOLD])
    this.#ways = readingOrder(formats).map((number): Way => {
      const format = formats[number] as LogFormat
      const matcher = matcherOf(format, wanted)
      const hasBytes = matcher.fields.some((field) => ['B', 'bytes_out'].includes(fieldName(field)))
      const reader = new TransferReader(matcher, clock)
      return { format: number, matcher, reader, hasBytes }
    })
  }

  /** Reads one line, without its line feed. */
  read(bytes: Uint8Array, from: number, to: number): Reading {
    const envelope = readEnvelope(bytes, from, to)
    let worse: 'cut' | 'ambiguous' | undefined
    for (const way of this.#ways) {
      for (const start of envelope.starts) {
        const outcome = this.#match(way, bytes, start, to)
        if (outcome === 'whole') {
          if (!way.hasBytes) return { kind: 'no-bytes' }
          const transfer = way.reader.read(bytes, envelope)
          // HAProxy always writes a number there: without one the line is none of its own.
          if (transfer.bytesOut === undefined || transfer.bytesOut < 0 || (transfer.bytesIn ?? 0) < 0)
            continue
          if (way.reader.contradictsItself(bytes)) {
            worse = 'ambiguous'
            continue
          }
          if (envelope.anyTag && this.#readsElse(way, bytes, envelope, start, to, transfer)) {
            worse = 'ambiguous'
            break
          }
          this.#way = way
          return {
            kind: 'transfer',
            transfer,
            envelope: envelopeBefore(start, envelope),
            format: way.format,
            fields: way.reader,
          }
        }
        if (outcome === 'ambiguous') worse = 'ambiguous'
        else if (outcome === 'cut' && start < to) worse ??= 'cut'
      }
    }
    const other = otherKind(bytes, envelope, from, to)
    if (other === 'bare') return { kind: 'no-bytes' }
    // Any word with a colon may look like another program's name.
    if (worse === 'ambiguous' && other === 'foreign') return { kind: worse }
    if (other !== undefined) return { kind: 'other', other }
    return { kind: worse ?? 'unknown' }
  }

  /** All fields of the transfer that was read last, from the same bytes; what is in none of `asked` may be doubtful. */
  fields(bytes: Uint8Array): readonly FieldValue[] {
    return this.#way ? fieldValues(this.#way.matcher, bytes) : []
  }

  /** Whether the message could begin elsewhere too, and what counts be another then. */
  #readsElse(
    way: Way,
    bytes: Uint8Array,
    envelope: Envelope,
    start: number,
    to: number,
    transfer: Transfer,
  ): boolean {
    const differs = envelope.starts.some((other) => {
      if (other === start) return false
      const outcome = this.#match(way, bytes, other, to)
      if (outcome !== 'whole') return outcome === 'ambiguous'
      const { bytesOut = -1, ...rest } = way.reader.read(bytes, envelope)
      return bytesOut >= 0 && SUMMED.some((name) => ({ ...rest, bytesOut })[name] !== transfer[name])
    })
    if (!differs) this.#match(way, bytes, start, to)
    return differs
  }

  #match({ matcher }: Way, bytes: Uint8Array, start: number, to: number): Outcome {
    const outcome = matcher.match(bytes, start, to)
    if (outcome !== 'ambiguous') return outcome
    const doubtful = new Set(matcher.doubtful.map((number) => fieldName(matcher.fields[number] as Field)))
    // Of a field that is written twice one place that is certain will do.
    for (const [number, field] of matcher.fields.entries())
      if (!matcher.doubtful.includes(number)) doubtful.delete(fieldName(field))
    return [...doubtful].some((name) => this.#asked.has(name)) ? 'ambiguous' : 'whole'
  }
}

/** Numbers of the formats in the order in which they are tried: those with the most text of their own first. */
export function readingOrder(formats: readonly LogFormat[]): number[] {
  return [...formats.keys()].sort(
    (a, b) => ownText(formats[b] as LogFormat) - ownText(formats[a] as LogFormat),
  )
}

/** Bytes that every line of the format has. */
function ownText({ items }: LogFormat): number {
  return items.reduce((sum, item) => sum + (item.kind === 'literal' ? item.text.length : 0), 0)
}
