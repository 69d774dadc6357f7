import type { Zone } from '../clock/index.ts'
import type { ByteRange } from '../source/index.ts'
import type { TimeSpan } from '../totals/index.ts'
import { findHole, type Hole } from './hole.ts'
import { type Disorder, slackAt } from './order.ts'
import { away, evenly, placesFor } from './places.ts'
import type { ProbedLines } from './probe.ts'
import { Survey } from './survey.ts'

/** Below it a file is read as fast as it is searched. */
export const SMALLEST_SEARCHED = 4 << 20
/** So near a place has to be found: at most, and of a file that is not large this part of it. */
const NEAR = 1 << 16
const NEAR_PART = 1 / 1024

/**
 * `range`: all lines of the span begin in it, and no line before it does, if the file is in order, as it is at so many
 * `places`; `disorder`, `hole`: it isn't, or seems not to be; `unknown`: lines without any time are in the way.
 */
export type Found =
  | { readonly kind: 'range'; readonly range: ByteRange; readonly places: number }
  | { readonly kind: 'disorder'; readonly disorder: Disorder }
  | { readonly kind: 'hole'; readonly hole: Hole }
  | { readonly kind: 'unknown' }

/**
 * Finds the bytes of a file that hold a span of time, by looking at few of its lines. Lines are in the order of their
 * ends but for `slackAt`: so before a line that ended by that much before the span there is none of it, and after one
 * that ended so much after it none either. Whether they are is looked at all over the file, the closer the nearer to the
 * span and to the file's ends, where lines are put that come late.
 */
export function findWindow(lines: ProbedLines, { since, until }: TimeSpan, zone: Zone): Found {
  const { length } = lines
  const survey = new Survey(lines, zone)
  const count = placesFor(lines)
  survey.lookAt(evenly(count / 2, { from: 0, to: length }))
  survey.lookAt(away(count / 16, { from: 0, to: length / 2 }, lines.block))
  survey.lookAt(away(count / 16, { from: length, to: length / 2 }, lines.block))
  const seen = judge(survey)
  if (seen) return seen
  const near = Math.min(NEAR, Math.max(lines.block, length * NEAR_PART))
  const from = since === undefined ? 0 : lastBefore(survey, since - slackAt(since, zone), near)
  const to = until === undefined ? length : firstAfter(survey, until + slackAt(until, zone), near)
  const range = { from, to: Math.max(from, to) }
  survey.lookAt(evenly(count / 8, range))
  survey.lookAt(away(count / 8, { from: range.from, to: 0 }, near))
  survey.lookAt(away(count / 8, { from: range.to, to: length }, near))
  const judged = judge(survey)
  if (judged) return judged
  const hole = findHole(survey, range, 16 * near)
  // It looked at more places.
  if (hole) return { kind: 'hole', hole }
  return judge(survey) ?? { kind: 'range', range, places: survey.places }
}

function judge(survey: Survey): Found | undefined {
  if (survey.isDark) return { kind: 'unknown' }
  const disorder = survey.disorder()
  return disorder && { kind: 'disorder', disorder }
}

/** The last place found of a line that is before `limit`; 0 where the first one isn't. */
function lastBefore(survey: Survey, limit: number, near: number): number {
  const { points } = survey
  const isLate = points.findIndex(({ instant }) => instant >= limit)
  let next = isLate < 0 ? points.length : isLate
  while (next > 0 && survey.exact(next - 1).instant >= limit) next--
  let from = points[next - 1]?.offset ?? 0
  let to = points[next]?.offset ?? survey.lines.length
  while (to - from > near) {
    const middle = Math.floor((from + to) / 2)
    const line = survey.look(middle)
    if (line === undefined || line.offset >= to || line.instant >= limit) to = middle
    else from = line.offset
  }
  return from
}

/** The first place found of a line that is at or after `limit`; the end where the last one isn't. */
function firstAfter(survey: Survey, limit: number, near: number): number {
  const { points } = survey
  let before = points.findLastIndex(({ instant }) => instant < limit)
  while (before >= 0 && survey.exact(before).instant >= limit) before--
  let from = points[before]?.offset ?? 0
  let to = points[before + 1]?.offset ?? survey.lines.length
  while (to - from > near) {
    const middle = Math.floor((from + to) / 2)
    const line = survey.look(middle)
    if (line === undefined || line.offset >= to || line.instant < limit) from = middle
    else to = line.offset
  }
  return to
}
