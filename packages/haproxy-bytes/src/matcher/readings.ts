import type { Spans } from './spans.ts'
import { fieldsOfStep, type Segment, type Step, type Within } from './step.ts'
import { walkSteps } from './walk-steps.ts'

/** Pairs of places that are tried of one field; where a line has more, the field is taken for any text. */
const MOST_PAIRS = 20_000
const BLANK = 0x20

/** Places where an open field may end: those from which the steps after it go on to the next one. */
interface Level {
  readonly segment: Segment
  /** Where the steps end that begin here; -1 where they aren't met. */
  readonly after: Int32Array
  /** Where the field may begin, in order. */
  readonly begins: readonly number[]
  ends: readonly number[]
}

/**
 * Looks at every reading of a line at once: for each open field at all places where it can end, first those that can be
 * reached from the left, then of these those from which the end of the line can be reached. Takes time in proportion to
 * the line's length, for each open field.
 *
 * @param begin where the first open field begins
 * @returns numbers of the fields that aren't the same in all readings; undefined where there is no reading at all
 */
export function doubtfulFields(
  segments: readonly Segment[],
  bytes: Uint8Array,
  begin: number,
  end: number,
  lineEnd: (at: number) => boolean,
  spans: Spans,
): readonly number[] | undefined {
  const levels = levelsOf(segments, bytes, begin, end, lineEnd, spans)
  if (!levels) return undefined
  const doubtful: number[] = []
  let begins: readonly number[] = [begin]
  for (const { segment, after, ends } of levels) {
    const { steps, open, within } = segment
    if (begins.length > 1 || ends.length > 1) doubtful.push(open as number)
    const fields = steps.flatMap(fieldsOfStep)
    const texts = new Map<number, string>()
    for (const to of [...ends].reverse()) {
      walkSteps(steps, bytes, to, end, spans)
      for (const field of fields) {
        const text = textOf(bytes, spans.from[field] as number, spans.to[field] as number)
        if ((texts.get(field) ?? text) !== text && !doubtful.includes(field)) doubtful.push(field)
        texts.set(field, text)
      }
    }
    const [from, to] = [begins[0] as number, ends[0] as number]
    spans.from[open as number] = from
    spans.to[open as number] = withoutBlank(bytes, from, to, within)
    begins = [...new Set(ends.map((at) => after[at] as number))]
  }
  return doubtful
}

function levelsOf(
  segments: readonly Segment[],
  bytes: Uint8Array,
  begin: number,
  end: number,
  lineEnd: (at: number) => boolean,
  spans: Spans,
): readonly Level[] | undefined {
  const levels: Level[] = []
  let begins: readonly number[] = [begin]
  for (const [number, segment] of segments.entries()) {
    const { steps, within } = segment
    const last = number === segments.length - 1
    const after = new Int32Array(end + 1).fill(-1)
    for (let at = begins[0] as number; at <= end; at++) {
      const to =
        last && steps.length === 0 ? (at === end ? end : -1) : walkSteps(steps, bytes, at, end, spans)
      if (to >= 0 && (!last || lineEnd(to)) && areSuch(steps, bytes, spans)) after[at] = to
    }
    const ends = endsFrom(begins, after, bytes, end, within)
    if (ends.length === 0) return undefined
    levels.push({ segment, after, begins, ends })
    begins = [...new Set(ends.map((at) => after[at] as number))].sort((a, b) => a - b)
  }
  let wanted: ReadonlySet<number> | undefined
  for (const level of [...levels].reverse()) {
    const next = wanted
    if (next) level.ends = level.ends.filter((at) => next.has(level.after[at] as number))
    wanted = new Set(beginsOf(level, bytes, level.segment.within))
  }
  return levels
}

function areSuch(steps: readonly Step[], bytes: Uint8Array, spans: Spans): boolean {
  return steps.every((step) => {
    if (step.kind !== 'run') return true
    const [from, to] = [spans.from[step.field] as number, spans.to[step.field] as number]
    const { length = to - from, pattern } = step
    return to - from === length && (pattern === undefined || isOf(pattern, bytes, from, to))
  })
}

/** Where a field ends whose blank vanishes with it. */
export function withoutBlank(
  bytes: Uint8Array,
  from: number,
  to: number,
  within: Within | undefined,
): number {
  return within?.kind === 'pattern' && within.blank && to > from && bytes[to - 1] === BLANK ? to - 1 : to
}

/** Whether the bytes between two places can be this field. */
export function fits(bytes: Uint8Array, from: number, to: number, within: Within | undefined): boolean {
  if (!within) return true
  if (within.kind === 'pattern') return isOf(within.pattern, bytes, from, to)
  const { alphabet, length, pattern } = within
  if (to === from || (length !== undefined && to - from !== length)) return false
  for (let at = from; at < to; at++) if (alphabet[bytes[at] as number] !== 1) return false
  return pattern === undefined || isOf(pattern, bytes, from, to)
}

const isOf = (pattern: RegExp, bytes: Uint8Array, from: number, to: number): boolean =>
  pattern.test(textOf(bytes, from, to))

const textOf = (bytes: Uint8Array, from: number, to: number): string =>
  from < 0 ? '' : Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')

function endsFrom(
  begins: readonly number[],
  after: Int32Array,
  bytes: Uint8Array,
  end: number,
  within: Within | undefined,
): number[] {
  const ends: number[] = []
  const first = begins[0] as number
  for (let at = first; at <= end; at++) if ((after[at] as number) >= 0) ends.push(at)
  if (!within || begins.length * ends.length > MOST_PAIRS) return ends
  return ends.filter((to) => beginsBefore(begins, to, bytes, within).length > 0)
}

/** Of places in order those from which the field can reach to `to`. */
function beginsBefore(
  begins: readonly number[],
  to: number,
  bytes: Uint8Array,
  within: Within | undefined,
): readonly number[] {
  if (within?.kind !== 'alphabet') return begins.filter((from) => from <= to && fits(bytes, from, to, within))
  let lowest = to
  while (lowest > 0 && within.alphabet[bytes[lowest - 1] as number] === 1) lowest--
  return begins.filter((from) => from >= lowest && from < to && fits(bytes, from, to, within))
}

function beginsOf({ begins, ends }: Level, bytes: Uint8Array, within: Within | undefined): readonly number[] {
  const last = ends.at(-1) as number
  if (!within || begins.length * ends.length > MOST_PAIRS) return begins.filter((from) => from <= last)
  return [...new Set(ends.flatMap((to) => beginsBefore(begins, to, bytes, within)))]
}
