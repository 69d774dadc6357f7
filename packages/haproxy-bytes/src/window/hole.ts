import type { ByteRange } from '../source/index.ts'
import type { DatedLine } from './probe.ts'
import type { Survey } from './survey.ts'

/** Times the usual distance of two lines: of lines that come at random none is so long in 10^12. */
const UNUSUAL = 30

/** A time of which there are no lines where they should be. */
export interface Hole {
  /** Of the line that is behind it. */
  readonly offset: number
  /** ms */
  readonly length: number
}

/** Whether more time lies between two lines than their distance in the file explains. */
type Limit = (before: DatedLine, after: DatedLine) => boolean

/**
 * Lines of a relay that came late are missing where they belong: looks for such a hole in a part of the file and right
 * at its ends.
 */
export function findHole(survey: Survey, { from, to }: ByteRange, around: number): Hole | undefined {
  const isNear = ({ offset }: DatedLine): boolean => offset >= from - around && offset <= to + around
  const usual = usualPace(survey.points.filter(isNear))
  if (usual === undefined) return undefined
  const longest = UNUSUAL * usual * survey.lines.bytesOfLine
  // Twice: the pace of a log is never quite even.
  const limit: Limit = (before, after) =>
    after.instant - before.instant >
    Math.max(survey.slackAt(after.instant), longest) + 2 * usual * (after.offset - before.offset)
  // Begins of transfers that took long look like holes.
  for (const [number, point] of survey.points.entries()) {
    const before = survey.points[number - 1]
    if (!before || !isNear(before) || !isNear(point) || !limit(before, point)) continue
    survey.exact(number - 1)
    survey.exact(number)
  }
  const near = survey.points.filter(isNear)
  for (const [number, next] of near.entries()) {
    const first = near[number - 1]
    if (!first || next.offset < from || first.offset > to) continue
    const hole = holeBetween(survey, first, next, limit)
    if (hole) return hole
  }
  return undefined
}

/** ms a byte: of half the file's part more, of half less. */
function usualPace(points: readonly DatedLine[]): number | undefined {
  const paces = points
    .slice(1)
    .map(({ instant, offset }, number) => {
      const before = points[number] as DatedLine
      return { pace: (instant - before.instant) / (offset - before.offset), bytes: offset - before.offset }
    })
    .sort((a, b) => a.pace - b.pace)
  let rest = paces.reduce((sum, { bytes }) => sum + bytes, 0) / 2
  return paces.find(({ bytes }) => {
    rest -= bytes
    return rest <= 0
  })?.pace
}

/** Goes to where two lines follow each other that are so far apart. */
function holeBetween(survey: Survey, first: DatedLine, next: DatedLine, limit: Limit): Hole | undefined {
  let [before, after] = [first, next]
  /** No line begins from here on until `after`. */
  let place = after.offset
  while (limit(before, after)) {
    if (place - before.offset <= 1) return { offset: after.offset, length: after.instant - before.instant }
    const middle = Math.floor((before.offset + place + 1) / 2)
    const line = survey.look(middle)
    if (line === undefined || line.offset >= after.offset) place = middle
    else if (line.instant - before.instant < after.instant - line.instant) before = line
    else {
      after = line
      place = Math.min(place, line.offset)
    }
  }
  return undefined
}
