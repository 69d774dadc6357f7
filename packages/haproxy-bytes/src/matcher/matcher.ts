import { type Field, fieldName } from '../log-format/index.ts'
import type { CompiledFormat } from './compile-steps.ts'
import type { LineMatcher, Outcome } from './line-matcher.ts'
import { doubtfulFields, fits, withoutBlank } from './readings.ts'
import { newSpans, type Spans } from './spans.ts'
import type { Segment } from './step.ts'
import { CUT, DIFFERS, walkSteps } from './walk-steps.ts'

/** `21/Nov/2026:11:36:01.123` */
const DATE_LENGTH = 24

/** Finds the fields of a format of text, by its steps. */
export class Matcher implements LineMatcher {
  readonly fields: readonly Field[]
  readonly spans: Spans
  readonly #segments: readonly Segment[]
  readonly #other: Spans
  readonly #isWanted: (field: number) => boolean
  /** Closed ones behind an open field. */
  readonly #dates: readonly number[]
  #doubtful: readonly number[] = []

  /** @param wanted names of fields that are worth a second look where a line is in doubt; all if not given */
  constructor({ segments, fields }: CompiledFormat, wanted?: ReadonlySet<string>) {
    this.fields = fields
    this.#isWanted = (field) => wanted?.has(fieldName(fields[field] as Field)) ?? true
    this.#segments = segments
    this.#dates = segments
      .slice(1)
      .flatMap(({ steps }) => steps)
      .flatMap((step) => (step.kind === 'run' && step.length === DATE_LENGTH ? [step.field] : []))
    this.spans = newSpans(fields.length)
    this.#other = newSpans(fields.length)
  }

  get doubtful(): readonly number[] {
    return this.#doubtful
  }

  textOf(line: Uint8Array): Uint8Array {
    return line
  }

  match(bytes: Uint8Array, at: number, end: number): Outcome {
    this.spans.from.fill(-1)
    this.#doubtful = []
    const [first, ...rest] = this.#segments as [Segment, ...Segment[]]
    const begin = walkSteps(first.steps, bytes, at, end, this.spans)
    if (begin === DIFFERS) return 'none'
    if (begin === CUT) return 'cut'
    if (rest.length === 0) return isEnd(bytes, begin, end) ? 'whole' : 'none'
    if (!fromLeft(rest, bytes, begin, end, this.spans)) return 'cut'
    this.#other.from.set(this.spans.from)
    this.#other.to.set(this.spans.to)
    const doubtful = fromRight(rest, bytes, begin, end, this.#other) ? differing(this.spans, this.#other) : []
    if (
      !doubtful.some(this.#isWanted) &&
      rest.every((segment) => this.#fits(bytes, segment)) &&
      this.#dates.every((field) => this.#isDate(field))
    ) {
      this.#doubtful = doubtful
      return doubtful.length === 0 ? 'whole' : 'ambiguous'
    }
    return this.#settle(rest, bytes, begin, end)
  }

  #fits(bytes: Uint8Array, { open, within }: Segment): boolean {
    const field = open as number
    const [from, to] = [this.spans.from[field] as number, this.spans.to[field] as number]
    this.spans.to[field] = withoutBlank(bytes, from, to, within)
    return fits(bytes, from, to, within)
  }

  /** What a client writes may have the bytes of a date, and stand where one is missing. */
  #isDate(field: number): boolean {
    const { from, to } = this.spans
    return (to[field] as number) - (from[field] as number) === DATE_LENGTH
  }

  #settle(segments: readonly Segment[], bytes: Uint8Array, begin: number, end: number): Outcome {
    const isLast = (at: number): boolean => isEnd(bytes, at, end)
    const doubtful = doubtfulFields(segments, bytes, begin, end, isLast, this.spans)
    if (!doubtful) return 'none'
    this.#doubtful = doubtful
    return this.#doubtful.length === 0 ? 'whole' : 'ambiguous'
  }
}

/** Relays add blanks at the end, or a carriage return. */
function isEnd(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end; i++) if (bytes[i] !== 0x20 && bytes[i] !== 0x0d) return false
  return true
}

/** Every open field ends at the first place where the steps after it are met; the last ones end with the line. */
function fromLeft(
  segments: readonly Segment[],
  bytes: Uint8Array,
  begin: number,
  end: number,
  spans: Spans,
): boolean {
  let at = begin
  for (const [number, { steps, open }] of segments.entries()) {
    const last = number === segments.length - 1
    let place = at
    let after = DIFFERS
    if (last && steps.length === 0) {
      place = end
      after = end
    } else {
      for (; place <= end; place++) {
        after = walkSteps(steps, bytes, place, end, spans)
        if (after >= 0 && (!last || isEnd(bytes, after, end))) break
      }
    }
    if (place > end) return false
    spans.from[open as number] = at
    spans.to[open as number] = place
    at = after
  }
  return true
}

/** The same from the end of the line: every open field ends at the last place where the steps after it are met. */
function fromRight(
  segments: readonly Segment[],
  bytes: Uint8Array,
  begin: number,
  end: number,
  spans: Spans,
): boolean {
  let limit = end
  const places: [place: number, after: number][] = []
  for (let number = segments.length - 1; number >= 0; number--) {
    const { steps } = segments[number] as Segment
    const last = number === segments.length - 1
    let place = limit
    let after = limit
    if (!(last && steps.length === 0)) {
      for (; place >= begin; place--) {
        after = walkSteps(steps, bytes, place, limit, spans)
        if (after >= 0 && (last ? isEnd(bytes, after, end) : after <= limit)) break
      }
    }
    if (place < begin) return false
    places.unshift([place, after])
    limit = place
  }
  let at = begin
  for (const [number, { open }] of segments.entries()) {
    const [place, after] = places[number] as [number, number]
    if (place < at) return false
    spans.from[open as number] = at
    spans.to[open as number] = place
    at = after
  }
  return true
}

function differing(one: Spans, other: Spans): number[] {
  const result: number[] = []
  for (let field = 0; field < one.from.length; field++)
    if (one.from[field] !== other.from[field] || one.to[field] !== other.to[field]) result.push(field)
  return result
}
