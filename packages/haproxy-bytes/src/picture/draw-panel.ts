import { escapeXml } from '@nightshift/tooling/report-page'
import type { ScaleLinear, ScaleTime } from 'd3-scale'
import { area, curveStepAfter, line } from 'd3-shape'
import type { GapChart } from './gap-chart.ts'
import { type Panel, PLOT, rate } from './gap-layout.ts'
import type { Interval } from './time-grid.ts'

export type TimeScale = ScaleTime<number, number>
export type RateScale = ScaleLinear<number, number>

interface Point {
  readonly at: number
  /** Not there: nothing is known from here on. */
  readonly values?: readonly number[]
}

/** Steps over intervals; it ends where nothing is known of one, or they are apart. */
function steps<One extends Interval>(
  all: readonly One[],
  of: (one: One) => readonly (bigint | undefined)[],
): Point[] {
  const points: Point[] = []
  let end: Point | undefined
  for (const one of all) {
    const bytes = of(one)
    const values = bytes.flatMap((value) => (value === undefined ? [] : [rate(value, one)]))
    if (end && (end.at !== one.from || values.length < bytes.length)) points.push(end, { at: end.at })
    end = undefined
    if (values.length < bytes.length) continue
    points.push({ at: one.from, values })
    end = { at: one.until, values }
  }
  return end ? [...points, end] : points
}

/** One panel: its grid, the band of the wire, and lines over it. */
export function drawPanel(chart: GapChart, panel: Panel, x: TimeScale, y: RateScale): string {
  const { intervals, counted } = chart
  const [bottom = 0, top = 0] = y.range()
  const across = (value: number): number => y(value)
  const path = (points: readonly Point[]) =>
    line<Point>()
      .defined(({ values }) => values !== undefined)
      .x(({ at }) => x(at))
      .y(({ values }) => across(values?.[0] ?? 0))
      .curve(curveStepAfter)([...points])
  const between = (points: readonly Point[], upper: (point: Point) => number) =>
    area<Point>()
      .defined(({ values }) => values !== undefined)
      .x(({ at }) => x(at))
      .y0(({ values }) => across(values?.[0] ?? 0))
      .y1(upper)
      .curve(curveStepAfter)([...points])
  const bounded = steps(intervals, (one) => [panel.low(one), panel.high(one)])
  const endless = steps(intervals, (one) => [panel.high(one) === undefined ? panel.low(one) : undefined])
  const drawn = [
    ['open', between(endless, () => top)],
    ['least', path(endless)],
    ['band', between(bounded, ({ values }) => across(values?.[1] ?? 0))],
    ['likely', path(steps(intervals, (one) => [panel.likely(one)]))],
    ['logged', path(steps(intervals, (one) => [panel.logged(one)]))],
    ['sockets', path(steps(counted, (one) => [panel.sockets(one)]))],
    ['counted', path(steps(counted, (one) => [panel.counted(one)]))],
  ] as const
  const paths = drawn.flatMap(([name, d]) => (d ? [`<path class="${name}" d="${d}"/>`] : []))
  const clip = `clip${Math.round(top)}`
  const frame = `<clipPath id="${clip}"><path d="M${PLOT.left} ${top - 2}H${PLOT.right}V${bottom + 2}H${PLOT.left}z"/></clipPath>`
  return `${frame}${rateAxis(y)}<g clip-path="url(#${clip})">${paths.join('')}</g>`
}

function rateAxis(y: RateScale): string {
  const text = y.tickFormat(4, '~s')
  return y
    .ticks(4)
    .map((value) => {
      const at = Math.round(y(value)) + 0.5
      const label = value === 0 ? '0' : text(value).replace(/([^\d.])?$/, ' $1B/s')
      return `<path class="${value === 0 ? 'zero' : 'grid'}" d="M${PLOT.left} ${at}H${PLOT.right}"/><text class="note end" x="${PLOT.left - 8}" y="${at + 4}">${escapeXml(label)}</text>`
    })
    .join('')
}
