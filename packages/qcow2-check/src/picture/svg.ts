import { escapeXml } from '@nightshift/tooling/report-page'
import type { ClusterMap } from './cluster-map.ts'
import { describeMap, drawCells, drawLegend, MAP_WIDTH } from './draw-map.ts'
import { leakedPattern, mapColors, mapStyles } from './map-styles.ts'

const MARGIN = 20
const HEAD = 50

const ground = `
svg { --page: #ffffff; --text: #17202a; --muted: #56626f; --bad: #b4480b; --bad-soft: #fbe9dc; }
@media (prefers-color-scheme: dark) { svg { --page: #12161b; --text: #e7ebef; --muted: #a3afbb; --bad: #f0925a; --bad-soft: #472b1b; } }
@media print { svg { --page: #ffffff; --text: #000000; --muted: #444c55; --bad: #b4480b; --bad-soft: #fbe9dc; } }
.page { fill: var(--page); }
.map .title { font-size: 17px; font-weight: 650; }
`

/** A standalone SVG: no script, nothing loaded, light and dark by itself. */
export function renderSvg(name: string, map: ClusterMap): string {
  const cells = drawCells(map)
  const legend = drawLegend(map, cells.height + 14)
  const width = MAP_WIDTH + 2 * MARGIN
  const height = MARGIN + HEAD + cells.height + 14 + legend.height + MARGIN
  const description = escapeXml(describeMap(map))
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" class="map" role="img" aria-labelledby="title description" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title id="title">${escapeXml(`Clusters of ${name}`)}</title>
<desc id="description">${description}</desc>
<style>${ground}${mapColors('svg')}${mapStyles}</style>
<defs>${leakedPattern}</defs>
<rect class="page" width="100%" height="100%"/>
<text class="title" x="${MARGIN}" y="${MARGIN + 14}">${escapeXml(shorten(name))}</text>
<text class="note" x="${MARGIN}" y="${MARGIN + 34}">${escapeXml(shorten(describeMap(map).split('. ').at(-1) ?? ''))}</text>
<g transform="translate(${MARGIN} ${MARGIN + HEAD})">${cells.markup}${legend.markup}</g>
</svg>
`
}

/** The end of a long path says more than its beginning. */
function shorten(text: string): string {
  return text.length <= 100 ? text : `…${text.slice(-99)}`
}
