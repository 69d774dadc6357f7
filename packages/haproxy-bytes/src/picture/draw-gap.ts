import { escapeXml } from '@nightshift/tooling/report-page'
import { drawPanel, type TimeScale } from './draw-panel.ts'
import type { GapChart } from './gap-chart.ts'
import { CHART_WIDTH, GAP, PLOT, TRAFFIC, timeScale, verticalScale } from './gap-layout.ts'
import { tickText } from './instants.ts'

/** Markup and its height, in units of the picture. */
export interface Drawing {
  readonly markup: string
  readonly height: number
}

const TRAFFIC_PANEL = { top: 24, height: 190 }
const STRIP = { top: 238, height: 16 }
const GAP_PANEL = { top: 296, height: 200 }
const AXIS = 520
/** Narrower marks can't be seen. */
const LEAST_MARK = 4

/** Where a cursor moves: over both panels and the marks between them. */
export const CURSOR = { top: TRAFFIC_PANEL.top, bottom: GAP_PANEL.top + GAP_PANEL.height } as const

/** Traffic above, the gap below over the same time, and between them where lines were lost. */
export function drawGap(chart: GapChart): Drawing {
  const x = timeScale(chart)
  const traffic = verticalScale(chart, TRAFFIC, TRAFFIC_PANEL.top, TRAFFIC_PANEL.height)
  const gap = verticalScale(chart, GAP, GAP_PANEL.top, GAP_PANEL.height)
  const marks = lossMarks(chart, x)
  const label = (y: number, text: string): string =>
    `<text class="strong" x="0" y="${y}">${escapeXml(text)}</text>`
  const beyond = (isCut: boolean): string => (isCut ? ' (the band goes on beyond the picture)' : '')
  const markup = [
    ...marks.map(
      ([from, to]) =>
        `<path class="loss-ground" d="M${from} ${CURSOR.top}H${to}V${CURSOR.bottom}H${from}z"/>`,
    ),
    label(TRAFFIC_PANEL.top - 11, `Bytes to clients${beyond(traffic.isCut)}`),
    drawPanel(chart, TRAFFIC, x, traffic.scale),
    `<text class="note end" x="${PLOT.left - 8}" y="${STRIP.top + 12}">lines lost</text>`,
    `<path class="grid" d="M${PLOT.left} ${STRIP.top + STRIP.height + 0.5}H${PLOT.right}"/>`,
    ...marks.map(
      ([from, to]) =>
        `<path class="loss" d="M${from} ${STRIP.top}H${to}V${STRIP.top + STRIP.height}H${from}z"/>`,
    ),
    ...(marks.length === 0
      ? [`<text class="note" x="${PLOT.left + 4}" y="${STRIP.top + 12}">${escapeXml(noLoss(chart))}</text>`]
      : []),
    label(GAP_PANEL.top - 11, `More than was logged${beyond(gap.isCut)}`),
    drawPanel(chart, GAP, x, gap.scale),
    timeAxis(x),
  ]
  const legend = drawLegend(chart, AXIS + 34)
  return { markup: markup.join('') + legend.markup, height: AXIS + 34 + legend.height }
}

export function noLoss({ ledger }: GapChart): string {
  return ledger.kind === 'unknown' ? 'nothing tells whether lines were lost' : 'no line is known to be lost'
}

/** Stretches of the picture in which lines were lost; those that touch are one. */
function lossMarks({ ledger }: GapChart, x: TimeScale): [number, number][] {
  const [left, right] = x.range() as [number, number]
  const at = (instant: number): number => Math.round(Math.min(right, Math.max(left, x(instant))) * 10) / 10
  const spans = ledger.entries
    .map(({ from, until }): [number, number] => {
      const start = from === undefined ? left : at(from)
      const end = until === undefined ? right : at(until)
      const begin = Math.min(start, right - LEAST_MARK)
      return [begin, Math.max(end, begin + LEAST_MARK)]
    })
    .sort(([a], [b]) => a - b)
  const marks: [number, number][] = []
  for (const [from, to] of spans) {
    const last = marks.at(-1)
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else marks.push([from, to])
  }
  return marks
}

function timeAxis(x: TimeScale): string {
  return x
    .ticks(9)
    .map((date) => {
      const at = Math.round(x(date)) + 0.5
      return `<path class="grid" d="M${at} ${CURSOR.bottom}v6"/><text class="note middle" x="${at}" y="${AXIS}">${escapeXml(tickText(date))}</text>`
    })
    .join('')
}

/** Only what the picture has. */
function drawLegend({ intervals, counted, ledger }: GapChart, y: number): Drawing {
  const isEndless = intervals.some(({ wire }) => wire.high === undefined)
  const isBounded = intervals.some(({ wire }) => wire.high !== undefined)
  const entries: readonly (readonly [boolean, string, string, string])[] = [
    [true, 'logged', 'M0 6h34', 'logged (%B)'],
    [isBounded, 'band', 'M0 0h34v12h-34z', 'on the wire by the model, least to most'],
    [isEndless, 'open', 'M0 0h34v12h-34z', 'on the wire, without an upper bound'],
    [intervals.some(({ wire }) => wire.value !== undefined), 'likely', 'M0 6h34', 'on the wire, likely'],
    [counted.some((one) => one.counted !== undefined), 'counted', 'M0 6h34', 'counted by HAProxy (bout)'],
    [
      counted.some(({ sockets }) => sockets !== undefined),
      'sockets',
      'M1 6h34',
      'counted on sockets (h1_bytes_out)',
    ],
    [ledger.entries.length > 0, 'loss', 'M0 0h34v12h-34z', 'lines lost'],
  ]
  const shown = entries.filter(([has]) => has)
  const markup = shown.map(([, name, d, text], index) => {
    const left = PLOT.left + (index % 2) * ((CHART_WIDTH - PLOT.left) / 2)
    const top = y + Math.floor(index / 2) * 20
    return `<g transform="translate(${left} ${top})"><path class="${name}" d="${d}"/><text x="42" y="10">${escapeXml(text)}</text></g>`
  })
  return { markup: markup.join(''), height: Math.ceil(shown.length / 2) * 20 }
}
