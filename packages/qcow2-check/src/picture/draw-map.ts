import { escapeXml } from '@nightshift/tooling/report-page'
import { formatBytes, formatShare } from '@nightshift/tooling/terminal'
import { CATEGORIES, type Category } from './categories.ts'
import type { ClusterMap, MapCell } from './cluster-map.ts'

export const MAP_WIDTH = 896
const GAP = 1
const LEGEND = { row: 20, columns: 2 } as const

/** How the cells are laid out; lengths are units of the picture. */
export interface Layout {
  readonly columns: number
  readonly width: number
  readonly height: number
}

/** Few clusters get large cells, so that the picture of a small image can be read too. */
export function layoutOf({ cells }: ClusterMap): Layout {
  const columns = cells.length <= 512 ? 32 : cells.length <= 2048 ? 64 : 128
  const width = MAP_WIDTH / columns
  return { columns, width, height: columns === 128 ? 9 : width }
}

export interface Drawing {
  readonly markup: string
  /** Units of the picture, which is MAP_WIDTH wide. */
  readonly height: number
}

/**
 * The cells in rows, in the order of the file. A cell is filled from below in the colour of what most of it is, as high as
 * the share of it that is in use; damaged cells are framed.
 */
export function drawCells(map: ClusterMap): Drawing {
  const { cells } = map
  const layout = layoutOf(map)
  const fills = new Map<Category, string[]>()
  const damage: string[] = []
  cells.forEach((cell, index) => {
    const x = (index % layout.columns) * layout.width
    const y = Math.floor(index / layout.columns) * layout.height
    const [width, height] = [layout.width - GAP, layout.height - GAP]
    const category = mainCategory(cell)
    const used = cell.clusters - (cell.counts.free ?? 0)
    const filled = category === 'free' ? 0 : Math.max(1, Math.round((used / cell.clusters) * height))
    const draw = (what: Category, from: number, length: number) => {
      if (length <= 0) return
      const paths = fills.get(what) ?? []
      fills.set(what, paths)
      paths.push(`M${x} ${y + from}h${width}v${length}h-${width}z`)
    }
    draw('free', 0, height - filled)
    draw(category, height - filled, filled)
    if (cell.damaged) damage.push(`M${x + 0.75} ${y + 0.75}h${width - 1.5}v${height - 1.5}h-${width - 1.5}z`)
  })
  const paths = [...fills].map(([category, parts]) => `<path class="${category}" d="${parts.join('')}"/>`)
  const marks = damage.length > 0 ? `<path class="damage" d="${damage.join('')}"/>` : ''
  return { markup: paths.join('') + marks, height: Math.ceil(cells.length / layout.columns) * layout.height }
}

/** What most of a cell is in use for; `free` only where all of it is. */
function mainCategory({ counts }: MapCell): Category {
  let main: Category = 'free'
  let most = 0
  for (const [category] of CATEGORIES) {
    const count = counts[category] ?? 0
    if (category === 'free' || count <= most) continue
    main = category
    most = count
  }
  return main
}

type LegendEntry = readonly [shape: string, label: string]

/** Each category that the image has, with its share of the file. */
export function drawLegend({ totals, clusters, clusterSize, cells }: ClusterMap, y: number): Drawing {
  const entries = CATEGORIES.filter(([category]) => totals[category] > 0).map(
    ([category, label]): LegendEntry => {
      const size = formatBytes(totals[category] * clusterSize)
      return [category, `${label}: ${size}, ${formatShare(totals[category], clusters)}`]
    },
  )
  const damaged = cells.filter((cell) => cell.damaged).length
  if (damaged > 0) entries.push(['damage', 'something is wrong there'])
  const markup = entries.map(([shape, label], index) => {
    const x = (index % LEGEND.columns) * (MAP_WIDTH / LEGEND.columns)
    const top = y + Math.floor(index / LEGEND.columns) * LEGEND.row
    return `<path class="${shape}" d="M${Math.round(x)} ${top}h12v12h-12z"/><text x="${Math.round(x) + 18}" y="${top + 10}">${escapeXml(label)}</text>`
  })
  return { markup: markup.join(''), height: Math.ceil(entries.length / LEGEND.columns) * LEGEND.row }
}

/** The map in words. */
export function describeMap({ totals, clusters, clusterSize, verdict, clustersPerCell }: ClusterMap): string {
  const shares = CATEGORIES.filter(([category]) => totals[category] > 0).map(
    ([category, label]) => `${label} ${formatShare(totals[category], clusters)}`,
  )
  const scale =
    clustersPerCell === 1
      ? `One mark is a cluster of ${formatBytes(clusterSize)}`
      : `One mark is ${clustersPerCell} clusters of ${formatBytes(clusterSize)}`
  return `${verdict === 'leaks' ? 'leaks only' : verdict}; ${shares.join(', ')}. ${scale}, in the order of the file.`
}
