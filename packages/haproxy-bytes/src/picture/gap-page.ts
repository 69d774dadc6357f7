import { escapeHtml, renderPage } from '@nightshift/tooling/report-page'
import { formatCount } from '@nightshift/tooling/terminal'
import { INCOMPARABLE_WORDS } from '../report/cause-words.ts'
import { EVIDENCE_WORDS, LACKING_WORDS } from '../report/lost-words.ts'
import { CURSOR, drawGap } from './draw-gap.ts'
import type { CountedInterval, GapChart, LoggedInterval } from './gap-chart.ts'
import { CHART_WIDTH, timeScale } from './gap-layout.ts'
import { describeGap, intervalText, rangeText, wireText } from './gap-words.ts'
import { instantText, spanText } from './instants.ts'
import { pageScript } from './page-script.ts'
import { chartPageStyles } from './page-styles.ts'
import { PATTERNS } from './styles.ts'
import type { Titled } from './svg.ts'
import { cell, numberCell, table } from './table.ts'

/** Losses in the page's table, the first of the log; `lost` has them all. */
const MOST_LOSSES = 500

/** The gap over time as a self-contained page: picture, and the exact figures of each interval. */
export function renderGapPage({ title }: Pick<Titled, 'title'>, chart: GapChart, generator: string): string {
  return renderPage({
    title,
    description: describeGap(chart),
    generator,
    data: pageData(chart),
    styles: chartPageStyles,
    script: pageScript,
    body: [figure(title, chart), lossPart(chart), countedPart(chart), intervalPart(chart)].join('\n'),
  })
}

function figure(title: string, chart: GapChart): string {
  if (chart.intervals.length === 0) return ''
  const { markup, height } = drawGap(chart)
  return `<figure class="scroll"><svg id="chart" class="chart" role="img" aria-label="${escapeHtml(title)}" viewBox="-1 -1 ${CHART_WIDTH + 2} ${height + 2}"><defs>${PATTERNS}</defs>${markup}</svg></figure>
<p class="keys scripted"><kbd>Tab</kbd> to the picture, arrow keys over its intervals, <kbd>Page Up</kbd> <kbd>Page Down</kbd> to the next in which lines were lost</p>`
}

function intervalPart({ intervals, totals, timeless }: GapChart): string {
  const row = (one: LoggedInterval): string =>
    `<tr><th scope="row">${spanText(one.from, one.until)}</th>${numberCell(formatCount(one.requests))}${numberCell(formatCount(one.logged))}${numberCell(wireText(one.wire))}${cell(one.wire.kind)}${cell(one.lossy ? 'lines lost' : '')}</tr>`
  const sum = `<tr class="sum-row"><th scope="row">all</th>${numberCell(formatCount(totals.requests))}${numberCell(formatCount(totals.logged))}${numberCell(wireText(totals.wire))}${cell(totals.wire.kind)}<td></td></tr>`
  const without =
    timeless === 0
      ? ''
      : `<p class="muted">${formatCount(timeless)} transfers show no time: they are in the sum only.</p>`
  const heads = ['Time (UTC)', '#Transfers', '#Logged, bytes', '#On the wire, bytes', 'Kind', '']
  return `<h2>Interval by interval</h2>${without}${table('intervals', heads, [...intervals.map(row), sum])}`
}

function countedPart({ counted }: GapChart): string {
  if (counted.length === 0) return ''
  const row = (one: CountedInterval): string => {
    const { from, until, lines, logged, sockets, incomparable } = one
    const head = `<tr><th scope="row">${spanText(from, until)}</th>`
    if (one.counted === undefined || incomparable)
      return `${head}<td colspan="5">${escapeHtml(incomparable ? INCOMPARABLE_WORDS[incomparable] : 'not counted')}</td></tr>`
    return `${head}${numberCell(formatCount(lines))}${numberCell(formatCount(logged))}${numberCell(formatCount(one.counted))}${numberCell(signed(one.counted - logged))}${numberCell(sockets === undefined ? '' : formatCount(sockets))}</tr>`
  }
  const heads = [
    'Time (UTC)',
    '#Lines',
    '#Logged, bytes',
    '#Counted, bytes',
    '#More than logged',
    '#On sockets, bytes',
  ]
  return `<h2>From snapshot to snapshot</h2>${table('counted', heads, counted.map(row))}`
}

const signed = (bytes: bigint): string => (bytes > 0n ? `+${formatCount(bytes)}` : formatCount(bytes))

function lossPart({ ledger }: GapChart): string {
  const { entries: losses, kind, lacking } = ledger
  if (losses.length === 0) {
    if (kind !== 'unknown') return ''
    const items = lacking.map((code) => `<li>${escapeHtml(LACKING_WORDS[code])}</li>`)
    return `<h2>Lines lost</h2><p>Nothing tells whether lines were lost, which does not exclude it. What would:</p><ul>${items.join('')}</ul>`
  }
  const rows = losses
    .slice(0, MOST_LOSSES)
    .map(
      ({ from, until, evidence, frontend, lines, bytes }) =>
        `<tr>${cell(from === undefined ? '' : instantText(from))}${cell(until === undefined ? '' : instantText(until))}<td><bdi>${escapeHtml(frontend ?? '')}</bdi></td>${cell(EVIDENCE_WORDS[evidence])}${numberCell(rangeText(lines))}${numberCell(bytes.kind === 'unknown' ? '?' : rangeText(bytes))}</tr>`,
    )
  const rest = losses.length - rows.length
  const more =
    rest > 0 ? `<p class="muted">${formatCount(rest)} more are told by haproxy-bytes lost.</p>` : ''
  const heads = ['From (UTC)', 'To', 'Frontend', 'Who tells', '#Lines', '#Bytes']
  return `<h2>Lines lost</h2>${table('losses', heads, rows)}${more}`
}

/** What the page's script reads: where each interval lies in the picture, what is said of it, whether lines were lost. */
function pageData(chart: GapChart): object {
  if (chart.intervals.length === 0) return { top: 0, bottom: 0, intervals: [] }
  const x = timeScale(chart)
  const place = (instant: number): number => Math.round(x(instant) * 10) / 10
  const intervals = chart.intervals.map((one) => [
    place(one.from),
    place(one.until),
    intervalText(one),
    one.lossy,
  ])
  return { ...CURSOR, intervals }
}
