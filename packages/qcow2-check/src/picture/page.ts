import { escapeHtml, renderPage } from '@nightshift/tooling/report-page'
import { formatBytes, formatCount, formatShare } from '@nightshift/tooling/terminal'
import { type Finding, findingText } from '../findings/index.ts'
import { CATEGORIES } from './categories.ts'
import type { ClusterMap } from './cluster-map.ts'
import { describeMap, drawCells, drawLegend, layoutOf, MAP_WIDTH } from './draw-map.ts'
import { leakedPattern, mapColors, mapStyles } from './map-styles.ts'
import { pageScript } from './page-script.ts'

/** Findings in the page's table, the first of the file; the command line has them all. */
const MOST_FINDINGS = 500

const styles = `
${mapColors(':root')}${mapStyles}
.map { display: block; width: 100%; min-width: 40rem; height: auto; }
.map .cursor { fill: none; stroke: var(--text); stroke-width: 2; }
.tip { position: absolute; z-index: 1; max-width: 32rem; padding: 0.35rem 0.6rem; border-radius: 4px; background: var(--tip); color: var(--tip-text); font-size: 0.85rem; pointer-events: none; }
.keys { color: var(--muted); font-size: 0.85rem; }
@media print { .tip, .cursor { display: none; } }
`

/** The map as a self-contained page: picture, shares, what is wrong. */
export function renderMapPage(name: string, map: ClusterMap, generator: string): string {
  return renderPage({
    title: `Clusters of ${name}`,
    description: describeMap(map),
    generator,
    data: pageData(map),
    styles,
    script: pageScript,
    body: `${figure(name, map)}\n<h2>What the file is used for</h2>\n${totalsTable(map)}\n${findingsPart(map)}`,
  })
}

function figure(name: string, map: ClusterMap): string {
  const cells = drawCells(map)
  const legend = drawLegend(map, 0)
  const label = escapeHtml(`Clusters of ${name}, in the order of the file`)
  return `<figure class="scroll"><svg id="map" class="map" role="img" aria-label="${label}" viewBox="-1 -1 ${MAP_WIDTH + 2} ${cells.height + 2}"><defs>${leakedPattern}</defs>${cells.markup}</svg>
<svg class="map" aria-hidden="true" viewBox="0 -8 ${MAP_WIDTH} ${legend.height + 8}">${legend.markup}</svg></figure>
<p class="keys scripted"><kbd>Tab</kbd> to the map, arrow keys over it, <kbd>Page Up</kbd> <kbd>Page Down</kbd> to the next damage</p>`
}

function totalsTable({ totals, clusters, clusterSize }: ClusterMap): string {
  const rows = CATEGORIES.filter(([category]) => totals[category] > 0).map(([category, label]) => {
    const count = totals[category]
    return `<tr><td>${escapeHtml(label)}</td><td class="number">${formatCount(count)}</td><td class="number">${formatBytes(count * clusterSize)}</td><td class="number">${formatShare(count, clusters)}</td></tr>`
  })
  return `<div class="scroll"><table id="totals"><thead><tr><th scope="col">Use</th><th scope="col" class="number">Clusters</th><th scope="col" class="number">Size</th><th scope="col" class="number">Share</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}

function findingsPart({ findings, clusterSize, clustersPerCell, cells }: ClusterMap): string {
  if (findings.length === 0) return ''
  const rows = findings.slice(0, MOST_FINDINGS).map((finding) => {
    const cell = Math.floor(finding.offset / clusterSize / clustersPerCell)
    return findingRow(finding, cell < cells.length ? cell : undefined)
  })
  const rest = findings.length - rows.length
  const more = rest > 0 ? `<p class="muted">${formatCount(rest)} more are told by qcow2-check check.</p>` : ''
  return `<h2>What is wrong</h2>\n<div class="scroll"><table id="findings"><thead><tr><th scope="col">Severity</th><th scope="col">Code</th><th scope="col">Where</th><th scope="col">What</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></div>${more}`
}

function findingRow(finding: Finding, cell: number | undefined): string {
  const { severity, code, offset } = finding
  const at = `0x${offset.toString(16)}`
  const place = cell === undefined ? at : `<a href="#map" data-cell="${cell}">${at}</a>`
  return `<tr><td>${severity}</td><td>${code}</td><td>${place}</td><td>${escapeHtml(findingText(finding))}</td></tr>`
}

/** What the page's script reads. */
function pageData(map: ClusterMap): object {
  const { cells, clusters, clusterSize, clustersPerCell } = map
  return {
    ...layoutOf(map),
    clusters,
    clusterSize,
    perCell: clustersPerCell,
    labels: Object.fromEntries(CATEGORIES),
    cells: cells.map(({ counts, codes, damaged }) => [Object.entries(counts), codes, damaged]),
  }
}
