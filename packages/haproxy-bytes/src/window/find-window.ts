import type { Zone } from '../clock/index.ts'
import type { ByteRange } from '../source/index.ts'
import type { TimeSpan } from '../totals/index.ts'
import { type Disorder, OrderWatch, slackAt } from './order.ts'
import type { DatedLine, ProbedLines } from './probe.ts'

/** Below it a file is read as fast as it is searched. */
export const SMALLEST_SEARCHED = 4 << 20
/** Places looked at all over the file: a block out of order that is larger than the distance of two is seen. */
const PLACES = 64
/** So near a place has to be found. */
const NEAR = 1 << 16

/**
 * `range`: all lines of the span begin in it, and no line before it does, if the file is in order; `disorder`: it isn't;
 * `unknown`: lines without any time are in the way.
 */
export type Found =
  | { readonly kind: 'range'; readonly range: ByteRange }
  | { readonly kind: 'disorder'; readonly disorder: Disorder }
  | { readonly kind: 'unknown' }

/**
 * Finds the bytes of a file that hold a span of time, by looking at few of its lines. Lines are in the order of their
 * ends but for `slackAt`: so before a line that ended by that much before the span there is none of it, and after one
 * that ended so much after it none either.
 */
export function findWindow(lines: ProbedLines, { since, until }: TimeSpan, zone: Zone): Found {
  const points = [...placesOf(lines)]
  if (points.some((point) => point === undefined)) return { kind: 'unknown' }
  const known = points as DatedLine[]
  const watch = new OrderWatch(zone)
  for (const { instant, offset } of known) watch.see(instant, offset)
  if (watch.disorder) return { kind: 'disorder', disorder: watch.disorder }
  const from = since === undefined ? 0 : lastBefore(lines, known, since - slackAt(since, zone))
  const to = until === undefined ? lines.length : firstAfter(lines, known, until + slackAt(until, zone))
  return { kind: 'range', range: { from, to: Math.max(from, to) } }
}

function* placesOf(lines: ProbedLines): Generator<DatedLine | undefined> {
  for (let place = 0; place < PLACES; place++) yield lines.at(Math.floor((lines.length * place) / PLACES))
}

/** The last place found of a line that is before `limit`; 0 where the first one isn't. */
function lastBefore(lines: ProbedLines, points: readonly DatedLine[], limit: number): number {
  const number = points.findLastIndex(({ instant }) => instant < limit)
  if (number < 0) return 0
  let from = (points[number] as DatedLine).offset
  let to = points[number + 1]?.offset ?? lines.length
  while (to - from > NEAR) {
    const middle = Math.floor((from + to) / 2)
    const line = lines.at(middle)
    if (line === undefined || line.offset >= to || line.instant >= limit) to = middle
    else from = line.offset
  }
  return from
}

/** The first place found of a line that is at or after `limit`; the end where the last one isn't. */
function firstAfter(lines: ProbedLines, points: readonly DatedLine[], limit: number): number {
  const number = points.findIndex(({ instant }) => instant >= limit)
  let to = points[number]?.offset ?? lines.length
  let from = (number < 0 ? points.at(-1) : points[number - 1])?.offset ?? 0
  while (to - from > NEAR) {
    const middle = Math.floor((from + to) / 2)
    const line = lines.at(middle)
    if (line === undefined || line.offset >= to || line.instant < limit) from = middle
    else to = line.offset
  }
  return to
}
