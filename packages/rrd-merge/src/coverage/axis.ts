import { coveredRange, type Measurement } from './measure.ts'
import type { Axis } from './types.ts'

/** The shortest history gets at least this share of the axis' curve: 1 / 2000 of the longest. */
const STEEPEST = 2000

/**
 * A time axis for these files: x grows with log(1 + age / knee), so that two years and the last two days are both
 * seen. The knee is half the shortest history (where the axis turns from even to logarithmic): a file with one
 * archive gets an almost even axis, pnp4nagios' 2 days to 4 years a steep one.
 *
 * Edges are whole seconds and strictly ascending; where `columns` is more than the range has seconds there are
 * fewer columns.
 */
export function commonAxis(measurements: readonly Measurement[], columns: number): Axis {
  const range = coveredRange(measurements)
  if (range === null) return { from: 0, to: 0, edges: [] }
  const { from, to } = range
  const longest = to - from
  const knee = Math.max(shortestHistory(measurements) / 2, longest / STEEPEST)
  const scale = Math.log1p(longest / knee)
  const edges = [from]
  for (let column = 1; column < columns; column++) {
    const age = knee * Math.expm1((scale * (columns - column)) / columns)
    const edge = Math.round(to - age)
    if (edge > (edges.at(-1) as number) && edge < to) edges.push(edge)
  }
  edges.push(to)
  return { from, to, edges }
}

function shortestHistory(measurements: readonly Measurement[]): number {
  let shortest = Number.POSITIVE_INFINITY
  for (const { archives } of measurements) {
    for (const { summary } of archives) {
      if (summary.firstRow !== null && summary.rows > 0)
        shortest = Math.min(shortest, summary.rows * summary.span)
    }
  }
  return shortest
}
