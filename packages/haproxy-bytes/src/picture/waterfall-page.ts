import { escapeHtml, renderPage } from '@nightshift/tooling/report-page'
import { formatCount } from '@nightshift/tooling/terminal'
import { STEP_WORDS } from '../report/step-words.ts'
import type { Explanation, Step } from '../wire/index.ts'
import type { Drawing } from './draw-gap.ts'
import { drawKinds, drawWaterfall } from './draw-waterfall.ts'
import { CHART_WIDTH } from './gap-layout.ts'
import { chartPageStyles } from './page-styles.ts'
import { PATTERNS } from './styles.ts'
import type { Titled } from './svg.ts'
import { cell, numberCell, table } from './table.ts'
import { MOST_DRAWN, type Waterfall, waterfallsOf } from './waterfall-rows.ts'
import { describeWaterfall, stepText, waterfallTitle } from './waterfall-words.ts'

/** Waterfalls with a table; a log may name any number of frontends. `explain` has all. */
const MOST_TABLES = 200

/** All waterfalls below each other, and which kinds they have. */
export function drawWaterfalls(explanation: Explanation): Drawing {
  const waterfalls = waterfallsOf(explanation)
  const drawings = [drawKinds(waterfalls), ...waterfalls.slice(0, MOST_DRAWN).map(drawWaterfall)]
  let height = 0
  const placed = drawings.map((drawing) => {
    const markup = `<g transform="translate(0 ${height})">${drawing.markup}</g>`
    height += drawing.height + 18
    return markup
  })
  const rest = waterfalls.length - MOST_DRAWN
  const more =
    rest > 0 ? `<text class="note" x="0" y="${height}">${formatCount(rest)} more waterfalls</text>` : ''
  return { markup: placed.join('') + more, height: height + (rest > 0 ? 12 : 0) }
}

/** Waterfalls as a self-contained page: pictures, and the exact figures of each step. */
export function renderWaterfallPage(
  { title }: Pick<Titled, 'title'>,
  explanation: Explanation,
  generator: string,
): string {
  const waterfalls = waterfallsOf(explanation)
  const drawn = waterfalls.slice(0, MOST_TABLES)
  const rest = waterfalls.length - drawn.length
  const more =
    rest > 0 ? `<p class="muted">${formatCount(rest)} more are told by haproxy-bytes explain.</p>` : ''
  const { markup, height } = drawKinds(waterfalls)
  const kinds = `<figure class="scroll"><svg class="chart" aria-hidden="true" viewBox="-1 -1 ${CHART_WIDTH + 2} ${height}"><defs>${PATTERNS}</defs>${markup}</svg></figure>`
  return renderPage({
    title,
    description: describeWaterfall(explanation),
    generator,
    data: {},
    styles: chartPageStyles,
    script: "'use strict'\ndocument.documentElement.classList.add('js')",
    body: `${kinds}${drawn.map(section).join('\n')}${more}`,
  })
}

function section(waterfall: Waterfall, index: number): string {
  const heading = escapeHtml(waterfallTitle(waterfall))
  const heads = ['Step', '#Bytes', '#Least', '#Most', 'Kind']
  const counted =
    waterfall.counted === undefined
      ? []
      : [
          `<tr><th scope="row">HAProxy itself counted on sockets</th>${numberCell(formatCount(waterfall.counted))}<td colspan="3"></td></tr>`,
        ]
  const figures = table(`steps${index}`, heads, [...waterfall.steps.map(row), ...counted])
  return `<section><h2><bdi>${heading}</bdi></h2>${index < MOST_DRAWN ? figure(waterfall) : ''}${figures}</section>`
}

function figure(waterfall: Waterfall): string {
  const { markup, height } = drawWaterfall(waterfall)
  const label = escapeHtml(waterfall.steps.map(stepText).join('; '))
  return `<figure class="scroll"><svg class="chart" role="img" aria-label="${label}" viewBox="-1 22 ${CHART_WIDTH + 2} ${height - 20}">${markup}</svg></figure>`
}

function row({ code, kind, value, low, high }: Step): string {
  const sum = code === 'wire' || code === 'socket' ? ' class="sum-row"' : ''
  const least = kind === 'exact' ? '' : formatCount(low)
  const most = kind === 'exact' ? '' : high === undefined ? '?' : formatCount(high)
  return `<tr${sum}><th scope="row">${escapeHtml(STEP_WORDS[code])}</th>${numberCell(value === undefined ? '?' : formatCount(value))}${numberCell(least)}${numberCell(most)}${cell(kind)}</tr>`
}
