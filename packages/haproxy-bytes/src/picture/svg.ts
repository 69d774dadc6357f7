import { escapeXml } from '@nightshift/tooling/report-page'
import type { Drawing } from './draw-gap.ts'
import { CHART_WIDTH } from './gap-layout.ts'
import { PATTERNS, svgChartStyles } from './styles.ts'

const MARGIN = 20
const HEAD = 52

/** What is drawn, and what it is called. Texts are raw: they are escaped where they are written. */
export interface Titled {
  readonly title: string
  readonly description: string
}

/** A standalone SVG: no script, nothing loaded, light and dark by itself. */
export function renderSvg({ title, description }: Titled, { markup, height }: Drawing): string {
  const [width, whole] = [CHART_WIDTH + 2 * MARGIN, MARGIN + HEAD + height + MARGIN]
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-labelledby="title description" width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}">
<title id="title">${escapeXml(title)}</title>
<desc id="description">${escapeXml(description)}</desc>
<style>${svgChartStyles}</style>
<defs>${PATTERNS}</defs>
<rect class="page" width="100%" height="100%"/>
<text class="title" x="${MARGIN}" y="${MARGIN + 14}">${escapeXml(shorten(title, 100))}</text>
<text class="note" x="${MARGIN}" y="${MARGIN + 34}">${escapeXml(shorten(description, 160))}</text>
<g transform="translate(${MARGIN} ${MARGIN + HEAD})">${markup}</g>
</svg>
`
}

/** What is cut off is in the picture's description whole. */
export function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}
