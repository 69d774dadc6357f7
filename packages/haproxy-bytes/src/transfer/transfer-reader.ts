import { readHaproxyDate, type WrittenTime } from '../clock/index.ts'
import type { Envelope } from '../envelope/index.ts'
import { type Field, fieldName } from '../log-format/index.ts'
import type { LineMatcher } from '../matcher/index.ts'
import { isHexadecimal } from './field-values.ts'
import { readStamp } from './stamp.ts'
import type { Transfer } from './transfer.ts'
import { type LoggedInteger, latin1, readHexadecimal, readInteger, readName } from './values.ts'

/**
 * Gives milliseconds of UTC for a time as it is written; undefined where its year or zone can't be known.
 *
 * @param hint gives the instant by another stamp of the same line, where that names its zone
 */
export type Clock = (written: WrittenTime, hint?: () => number | undefined) => number | undefined

const COUNTS = ['B', 'U'] as const

/** Reads what a matcher has found. One for each format, as it knows which field is what. */
export class TransferReader {
  readonly #matcher: LineMatcher
  readonly #clock: Clock
  /** Of each name all places: those of one line say the same. */
  readonly #numbers = new Map<string, number[]>()

  constructor(matcher: LineMatcher, clock: Clock) {
    this.#matcher = matcher
    this.#clock = clock
    for (const [number, field] of matcher.fields.entries()) {
      const name = fieldName(field)
      this.#numbers.set(name, [...(this.#numbers.get(name) ?? []), number])
    }
  }

  /** The transfer of the line that was matched last. */
  read(line: Uint8Array, envelope: Envelope): Transfer {
    const bytes = this.#matcher.textOf(line)
    const frontend = this.#text(bytes, 'ft') ?? this.#text(bytes, 'f')
    const tls = this.#numbers.has('ft') ? frontend?.endsWith('~') : undefined
    const out = this.#integer(bytes, 'B') ?? this.#integer(bytes, 'bytes_out')
    const sent = this.#integer(bytes, 'U') ?? this.#integer(bytes, 'bytes_in')
    const whole = this.#integer(bytes, 'Ta') ?? this.#integer(bytes, 'Tt')
    const retries = this.#integer(bytes, 'rc')
    return dropUndefined({
      frontend: tls ? frontend?.slice(0, -1) : frontend,
      tls,
      backend: this.#text(bytes, 'b'),
      server: this.#text(bytes, 's'),
      client: this.#text(bytes, 'ci'),
      clientPort: this.#integer(bytes, 'cp')?.value,
      status: this.#integer(bytes, 'ST')?.value,
      bytesOut: out?.value,
      bytesIn: sent?.value,
      partial: out?.plus === true || whole?.plus === true,
      state: this.#text(bytes, 'tsc') ?? this.#text(bytes, 'ts'),
      retries: retries?.value,
      redispatched: retries?.plus,
      instant: this.#instant(bytes, line, envelope),
      logCounter: this.#integer(bytes, 'lc')?.value,
      requestCounter: this.#integer(bytes, 'rt')?.value,
    })
  }

  /** A field of that line as it stands there; undefined where the format doesn't have it. */
  fieldText(line: Uint8Array, name: string): string | undefined {
    if (!this.#numbers.has(name)) return undefined
    const [from, to] = this.#span(name)
    return from < 0 ? '' : latin1(this.#matcher.textOf(line), from, to)
  }

  /** Whether a byte count that the format has twice isn't the same in both places: then one of them is none. */
  contradictsItself(line: Uint8Array): boolean {
    const bytes = this.#matcher.textOf(line)
    const { spans, doubtful } = this.#matcher
    return COUNTS.some((name) => {
      const numbers = this.#numbers.get(name) ?? []
      if (numbers.length < 2) return false
      const certain = numbers.filter((number) => !doubtful.includes(number))
      const texts = certain.map((number) =>
        latin1(bytes, spans.from[number] as number, spans.to[number] as number),
      )
      return texts.some((text) => text !== texts[0])
    })
  }

  /** The end of the transfer: a line is written then, so a file is in this order. */
  #instant(bytes: Uint8Array, line: Uint8Array, envelope: Envelope): number | undefined {
    const stamp = (): number | undefined => {
      const written = readStamp(line, envelope)
      return written?.offset === undefined ? undefined : this.#clock(written)
    }
    const end =
      this.#end(bytes, ['tr', 'trg', 'trl'], 'Ta', stamp) ?? this.#end(bytes, ['t', 'T', 'Tl'], 'Tt', stamp)
    if (end !== undefined) return end
    const written = readStamp(line, envelope)
    return written && this.#clock(written)
  }

  #end(
    bytes: Uint8Array,
    dates: readonly string[],
    duration: string,
    stamp: () => number | undefined,
  ): number | undefined {
    const took = Math.max(this.#integer(bytes, duration)?.value ?? 0, 0)
    const hint = (): number | undefined => {
      const end = stamp()
      return end === undefined ? undefined : end - took
    }
    for (const name of dates) {
      const [from, to] = this.#span(name)
      const written = from < 0 ? undefined : readHaproxyDate(latin1(bytes, from, to))
      const begin = written && this.#clock(written, hint)
      if (begin !== undefined) return begin + took
    }
    return undefined
  }

  /** The first place of a field that is not in doubt. */
  #number(name: string): number | undefined {
    const { doubtful } = this.#matcher
    const numbers = this.#numbers.get(name)
    return doubtful.length === 0 ? numbers?.[0] : numbers?.find((number) => !doubtful.includes(number))
  }

  #span(name: string): readonly [number, number] {
    const number = this.#number(name)
    if (number === undefined) return [-1, -1]
    return [this.#matcher.spans.from[number] as number, this.#matcher.spans.to[number] as number]
  }

  #text(bytes: Uint8Array, name: string): string | undefined {
    return readName(bytes, ...this.#span(name))
  }

  #integer(bytes: Uint8Array, name: string): LoggedInteger | undefined {
    const number = this.#number(name)
    if (number === undefined) return undefined
    const [from, to] = this.#span(name)
    if (!isHexadecimal(this.#matcher.fields[number] as Field)) return readInteger(bytes, from, to)
    const value = readHexadecimal(bytes, from, to)
    return value === undefined ? undefined : { value, plus: false }
  }
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> }

function dropUndefined<T extends object>(object: T): Defined<T> {
  // A quarter of a line's time went into lists of entries.
  const defined: Partial<T> = {}
  for (const name in object) if (object[name] !== undefined) defined[name] = object[name]
  return defined as Defined<T>
}
