import { escapeXml } from '@nightshift/tooling/report-page'
import { formatCount } from '@nightshift/tooling/terminal'
import { type ScaleLinear, scaleLinear } from 'd3-scale'
import { STEP_WORDS } from '../report/step-words.ts'
import type { Step } from '../wire/index.ts'
import type { Drawing } from './draw-gap.ts'
import { CHART_WIDTH } from './gap-layout.ts'
import { shorten } from './svg.ts'
import { type Bar, barsOf, type Waterfall } from './waterfall-rows.ts'
import { stepText, waterfallTitle } from './waterfall-words.ts'

const BARS = { left: 270, right: CHART_WIDTH - 290 } as const
const ROW = 26
const BAR = 16
const HEAD = 30
const LEAST_WIDTH = 1.5
/** What steps take together must be so much of the whole for an axis that begins at 0 to show them. */
const VISIBLE = 0.25

/** One waterfall: a row for each step, from where the one before it ended. */
export function drawWaterfall(waterfall: Waterfall): Drawing {
  const bars = barsOf(waterfall)
  const { x, isBroken } = scaleOf(bars)
  const rows = bars.map((bar, index) => drawBar(bar, bars[index + 1], x, isBroken, HEAD + index * ROW))
  const foot = HEAD + bars.length * ROW
  const note = isBroken
    ? `<text class="note" x="${BARS.left}" y="${foot + 12}">sums are cut short: left of the break all have the same</text>`
    : ''
  const title = `<text class="strong" x="0" y="16">${escapeXml(shorten(waterfallTitle(waterfall), 120))}</text>`
  return { markup: title + rows.join('') + note, height: foot + (isBroken ? 20 : 0) }
}

/** Headers are little beside bodies: where an axis from 0 would not show them, it begins near the sums. */
function scaleOf(bars: readonly Bar[]): { x: ScaleLinear<number, number>; isBroken: boolean } {
  const ends = bars.map(({ to }) => to)
  const [low, high] = [Math.min(...ends), Math.max(...ends)]
  // Bounds that are far off would leave nothing to be seen of the rest: they are drawn as arrows.
  const apart = Math.max(high - low, high * 0.001, 1) * 4
  const bounds = bars.flatMap(({ least, most }) => (most === undefined ? [least] : [least, most]))
  const shown = [...ends, ...bounds.filter((bound) => bound >= low - apart && bound <= high + apart)]
  const [from, to] = [Math.min(...shown), Math.max(...shown)]
  const isBroken = from > 0 && to - from < high * VISIBLE
  const pad = (to - from) * 0.25 + 1
  return {
    x: scaleLinear(
      [isBroken ? Math.max(0, from - pad) : Math.min(0, from), to + (to - from) * 0.05 + 1],
      [BARS.left, BARS.right],
    ),
    isBroken,
  }
}

function drawBar(bar: Bar, next: Bar | undefined, x: Scale, isBroken: boolean, y: number): string {
  const { step, isSum, from, to, least, most } = bar
  const [left, right] = x.range() as [number, number]
  const at = (bytes: number): number => Math.round(Math.min(right, Math.max(left, x(bytes))) * 10) / 10
  const [a, b] = isSum ? [left, at(to)] : [Math.min(at(from), at(to)), Math.max(at(from), at(to))]
  const width = Math.max(LEAST_WIDTH, b - a)
  const parts = [
    `<text x="0" y="${y + 12}">${escapeXml(STEP_WORDS[step.code])}</text>`,
    `<path class="${isSum ? sumClass(step) : step.kind}" d="M${a} ${y}h${width}v${BAR}h-${width}z"/>`,
  ]
  if (isSum && isBroken)
    parts.push(`<path class="break" d="M${left + 8} ${y - 2}l4 10l-4 10m6 -20l4 10l-4 10"/>`)
  if (step.kind !== 'exact') parts.push(reach(x(least), most === undefined ? undefined : x(most), x, y))
  if (next) parts.push(`<path class="grid" d="M${at(to)} ${y + BAR}v${ROW - BAR}"/>`)
  parts.push(
    `<text class="number end" x="${BARS.right + 140}" y="${y + 12}">${escapeXml(amount(bar))}</text>`,
    `<text class="note" x="${BARS.right + 152}" y="${y + 12}">${step.kind}</text>`,
  )
  return `<g><title>${escapeXml(stepText(step))}</title>${parts.join('')}</g>`
}

type Scale = ScaleLinear<number, number>

/** Of an unknown sum only the least is drawn. */
const sumClass = ({ value }: Step): string => (value === undefined ? 'sum-unknown' : 'sum')

function amount({ step, isSum }: Bar): string {
  const { value } = step
  if (value === undefined) return '?'
  return !isSum && value > 0n ? `+${formatCount(value)}` : formatCount(value)
}

/** From the least to the most: a line with ends, or with an arrow where it goes on beyond the picture or for ever. */
function reach(least: number, most = Number.POSITIVE_INFINITY, x: Scale, y: number): string {
  const [left, right] = x.range() as [number, number]
  const middle = y + BAR / 2
  const [from, to] = [least, most].map((end) => Math.round(Math.min(right, Math.max(left, end)) * 10) / 10)
  const start = least < left ? 'm5 -4l-5 4l5 4m-5 -4' : 'm0 -4v8m0 -4'
  const end = most > right ? 'm-5 -4l5 4l-5 4' : 'm0 -4v8'
  const d = `M${from} ${middle}${start}H${to}${end}`
  return `<path class="reach halo" d="${d}"/><path class="reach" d="${d}"/>`
}

const KINDS = [
  ['sum', 'a sum'],
  ['exact', 'exact'],
  ['bounded', 'bounded: certainly within the line'],
  ['estimated', 'estimated: likely within it'],
  ['unknown', 'unknown: no upper bound'],
] as const

/** Those kinds that the waterfalls have. */
export function drawKinds(waterfalls: readonly Waterfall[]): Drawing {
  const kinds = new Set<string>(waterfalls.flatMap(({ steps }) => steps.map(({ kind }) => kind)))
  let left = 0
  const shown = KINDS.filter(([kind]) => kind === 'sum' || kinds.has(kind)).map(([kind, text]) => {
    const entry = `<g transform="translate(${left} 0)"><path class="${kind}" d="M1 1h26v12h-26z"/><text x="34" y="11">${text}</text></g>`
    left += 60 + text.length * 6.4
    return entry
  })
  return { markup: shown.join(''), height: 24 }
}
