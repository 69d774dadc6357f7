import { formatTick } from './times.ts'
import type { Axis } from './types.ts'

export interface Tick {
  /** Position on the axis, 0 (oldest) to 1. */
  readonly at: number
  readonly time: number
  readonly label: string
}

const DAY = 86_400

/** Ages at which an operator looks for a mark, in seconds. */
const AGES = [
  1 / 24,
  0.25,
  1,
  2,
  4,
  7,
  14,
  30,
  60,
  91,
  182,
  365,
  730,
  1095,
  1461,
  1826,
  2557,
  3652,
  7305,
].map((days) => days * DAY)

/** Marks of an axis: both ends, and round ages between them for which `fits` says there is room. */
export function ticksOf(axis: Axis, width: number, labelWidth: (label: string) => number): Tick[] {
  const columns = axis.edges.length - 1
  if (columns < 1) return []
  const tick = (column: number): Tick => {
    const time = axis.edges[column] as number
    const next = axis.edges[Math.min(column + 1, columns)] as number
    const resolution = column < columns ? next - time : time - (axis.edges[columns - 1] as number)
    return { at: column / columns, time, label: formatTick(time, resolution) }
  }
  const first = tick(0)
  const last = tick(columns)
  const ticks = [last]
  let free = width - labelWidth(last.label)
  const leftEnd = labelWidth(first.label)
  for (const age of AGES) {
    const column = columnAt(axis, axis.to - age)
    if (column <= 0) break
    const candidate = tick(column)
    const half = labelWidth(candidate.label) / 2
    const centre = candidate.at * width
    if (centre + half > free || centre - half < leftEnd) continue
    ticks.unshift(candidate)
    free = centre - half
  }
  ticks.unshift(first)
  return ticks
}

/** The edge nearest to a time, or -1 before the axis. */
function columnAt(axis: Axis, time: number): number {
  if (time <= axis.from) return -1
  let low = 0
  let high = axis.edges.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((axis.edges[middle] as number) < time) low = middle + 1
    else high = middle
  }
  return low
}
