import { scaleLinear, scaleUtc } from 'd3-scale'
import type { CountedInterval, GapChart, LoggedInterval } from './gap-chart.ts'

/** Units of the picture. */
export const CHART_WIDTH = 960
export const PLOT = { left: 84, right: CHART_WIDTH - 24 } as const

/** Bytes per second, so that intervals of any length can be held against each other. */
export function rate(
  bytes: bigint,
  { from, until }: { readonly from: number; readonly until: number },
): number {
  return (Number(bytes) * 1000) / Math.max(1, until - from)
}

/** What one of the two panels shows of each interval, bytes. */
export interface Panel {
  readonly logged: (one: LoggedInterval) => bigint
  readonly low: (one: LoggedInterval) => bigint
  readonly likely: (one: LoggedInterval) => bigint | undefined
  readonly high: (one: LoggedInterval) => bigint | undefined
  readonly counted: (one: CountedInterval) => bigint | undefined
  readonly sockets: (one: CountedInterval) => bigint | undefined
}

export const TRAFFIC: Panel = {
  logged: ({ logged }) => logged,
  low: ({ wire }) => wire.low,
  likely: ({ wire }) => wire.value,
  high: ({ wire }) => wire.high,
  counted: ({ counted }) => counted,
  sockets: ({ sockets }) => sockets,
}

const less = (a: bigint | undefined, b: bigint): bigint | undefined => (a === undefined ? undefined : a - b)

/** The same against what was logged: the gap itself, which is thin beside the traffic. */
export const GAP: Panel = {
  logged: () => 0n,
  low: ({ wire, logged }) => wire.low - logged,
  likely: ({ wire, logged }) => less(wire.value, logged),
  high: ({ wire, logged }) => less(wire.high, logged),
  counted: ({ counted, logged }) => less(counted, logged),
  sockets: ({ sockets, logged }) => less(sockets, logged),
}

/** Bounds that lie beyond so many times of all else would flatten it: the band is cut off there instead. */
const TALLEST: ReadonlyMap<Panel, number> = new Map([
  [TRAFFIC, 2],
  [GAP, 2],
])

/** Bytes per second to units of the picture. */
export function verticalScale(chart: GapChart, panel: Panel, top: number, height: number) {
  const { intervals, counted } = chart
  const lines = [
    0,
    ...intervals.flatMap((one) =>
      [panel.logged(one), panel.likely(one) ?? panel.low(one)].flatMap((bytes) => rates(bytes, one)),
    ),
    ...counted.flatMap((one) =>
      [panel.counted(one), panel.sockets(one)].flatMap((bytes) => rates(bytes, one)),
    ),
  ]
  const bounds = intervals.flatMap((one) =>
    [panel.low(one), panel.high(one)].flatMap((bytes) => rates(bytes, one)),
  )
  const tallest = Math.max(...lines.map(Math.abs)) * (TALLEST.get(panel) ?? 1)
  const shown = [...lines, ...bounds.filter((bound) => tallest === 0 || Math.abs(bound) <= tallest)]
  const [low, high] = [Math.min(...shown), Math.max(...shown)]
  return {
    scale: scaleLinear([low, high === low ? low + 1 : high], [top + height, top]).nice(4),
    /** A bound lies beyond the panel, or there is none. */
    isCut:
      bounds.some((bound) => bound < low || bound > high) ||
      intervals.some((one) => panel.high(one) === undefined),
  }
}

const rates = (
  bytes: bigint | undefined,
  one: { readonly from: number; readonly until: number },
): number[] => (bytes === undefined ? [] : [rate(bytes, one)])

/** From the first instant of anything to the last. */
export function timeScale({ intervals, counted }: GapChart) {
  const all = [...intervals, ...counted]
  const from = Math.min(...all.map((one) => one.from))
  const until = Math.max(...all.map((one) => one.until))
  return scaleUtc([new Date(from), new Date(until)], [PLOT.left, PLOT.right])
}
