import type { CounterGap } from './counter-track.ts'
import type { CounterOwner, Generation } from './generations.ts'
import type { Range } from './range.ts'

/** Gaps of one counter near each other in time. */
export interface Episode {
  readonly owner: CounterOwner
  readonly from: number
  readonly until: number
  readonly gaps: number
  readonly lines: Range
}

/** Milliseconds between gaps of one episode. */
const NEAR = 60_000

/**
 * @param begun the count began within the logs
 * @param since with `until` the instants asked for: a gap that lies wholly outside is none of them
 */
export function episodesOf(
  { owner, track }: Generation,
  begun: boolean,
  { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY },
): Episode[] {
  const episodes: { from: number; until: number; gaps: CounterGap[] }[] = []
  for (const gap of track.gaps(begun)) {
    const [from, end] = [Math.min(gap.from, gap.until), Math.max(gap.from, gap.until)]
    if (end < since || from >= until) continue
    const last = episodes.at(-1)
    if (last && from <= last.until + NEAR) {
      last.until = Math.max(last.until, end)
      last.gaps.push(gap)
    } else episodes.push({ from, until: end, gaps: [gap] })
  }
  return episodes.map(({ gaps, ...span }) => {
    const all = gaps.reduce((sum, { first, last }) => sum + last - first + 1, 0)
    const sure = all - gaps.reduce((sum, { doubtful }) => sum + doubtful, 0)
    return { owner, ...span, gaps: gaps.length, lines: { low: sure, estimate: sure, high: all } }
  })
}
