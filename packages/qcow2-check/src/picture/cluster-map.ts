import type { Survey, Verdict } from '../check/index.ts'
import type { Finding, FindingCode } from '../findings/index.ts'
import { CATEGORIES, type Category, categoryOf } from './categories.ts'

/** Cells of a map at most: a screen's worth. */
export const MOST_CELLS = 8192

/** A run of clusters of the file, shown as one mark. */
export interface MapCell {
  /** Number of its first cluster. */
  readonly first: number
  readonly clusters: number
  /** Clusters by category; those with none are left out. */
  readonly counts: Readonly<Partial<Record<Category, number>>>
  /** What was found there. */
  readonly codes: readonly FindingCode[]
  /** More than a leak: something is broken there, or lost. */
  readonly damaged: boolean
}

/** What the clusters of an image's file are used for. */
export interface ClusterMap {
  /** Bytes. */
  readonly clusterSize: number
  readonly clusters: number
  readonly clustersPerCell: number
  readonly cells: readonly MapCell[]
  /** Clusters of the whole file by category. */
  readonly totals: Readonly<Record<Category, number>>
  readonly verdict: Verdict
  readonly findings: readonly Finding[]
}

/** @throws the signal's reason */
export async function clusterMap(
  survey: Survey,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<ClusterMap> {
  const { clusters, image, findings, verdict } = survey
  const { clusterSize } = image.geometry
  const clustersPerCell = Math.max(1, Math.ceil(clusters / MOST_CELLS))
  const count = new CellCounter(clusters, clustersPerCell)
  await survey.visit(({ first, count: length, owner }) => count.add(first, length, categoryOf(owner)), {
    ...(signal && { signal }),
  })
  for (const { first, count: length } of survey.leaked) count.add(first, length, 'leaked')
  const codes = codesByCell(findings, clusterSize, clustersPerCell, count.cells)
  const cells = Array.from({ length: count.cells }, (_, cell): MapCell => {
    const first = cell * clustersPerCell
    const found = codes.get(cell)
    return {
      first,
      clusters: Math.min(clustersPerCell, clusters - first),
      counts: count.countsOf(cell),
      codes: [...(found?.codes ?? [])],
      damaged: found?.damaged ?? false,
    }
  })
  return { clusterSize, clusters, clustersPerCell, cells, totals: totalsOf(cells), verdict, findings }
}

/** Counts each cluster once, as what it was first said to be: compressed clusters and cross-links come several times. */
class CellCounter {
  readonly cells: number
  readonly #clusters: number
  readonly #perCell: number
  readonly #counts: Uint32Array
  readonly #seen: Uint8Array

  constructor(clusters: number, perCell: number) {
    this.cells = Math.ceil(clusters / perCell)
    this.#clusters = clusters
    this.#perCell = perCell
    this.#counts = new Uint32Array(this.cells * CATEGORIES.length)
    // Zero pages take no memory until a cluster in them is used.
    this.#seen = new Uint8Array(Math.ceil(clusters / 8))
  }

  add(first: number, count: number, category: Category): void {
    const column = COLUMN.get(category) as number
    const end = Math.min(first + count, this.#clusters)
    for (let cluster = first; cluster < end; cluster++) {
      const bit = 1 << (cluster % 8)
      const at = Math.floor(cluster / 8)
      if (((this.#seen[at] as number) & bit) !== 0) continue
      ;(this.#seen[at] as number) |= bit
      const cell = Math.floor(cluster / this.#perCell)
      ;(this.#counts[cell * CATEGORIES.length + column] as number)++
    }
  }

  countsOf(cell: number): Partial<Record<Category, number>> {
    const counts: Partial<Record<Category, number>> = {}
    let free = Math.min(this.#perCell, this.#clusters - cell * this.#perCell)
    for (const [category, column] of COLUMN) {
      const count = this.#counts[cell * CATEGORIES.length + column] as number
      if (count > 0) counts[category] = count
      free -= count
    }
    return free > 0 ? { ...counts, free } : counts
  }
}

const COLUMN: ReadonlyMap<Category, number> = new Map(
  CATEGORIES.map(([category], column) => [category, column]),
)

interface Found {
  readonly codes: Set<FindingCode>
  damaged: boolean
}

function codesByCell(
  findings: readonly Finding[],
  clusterSize: number,
  perCell: number,
  cells: number,
): Map<number, Found> {
  const found = new Map<number, Found>()
  const cellBytes = clusterSize * perCell
  for (const finding of findings) {
    const { code, severity, offset, length } = finding
    if (severity === 'note' || severity === 'warning') continue
    const last = Math.min(Math.floor((offset + Math.max(length, 1) - 1) / cellBytes), cells - 1)
    for (let cell = Math.floor(offset / cellBytes); cell <= last; cell++) {
      const known = found.get(cell) ?? { codes: new Set<FindingCode>(), damaged: false }
      known.codes.add(code)
      known.damaged ||= isDamage(finding)
      found.set(cell, known)
    }
  }
  return found
}

function isDamage({ severity, code }: Finding): boolean {
  return severity !== 'leak' || code === 'lost-l2' || code === 'snapshot-orphan'
}

function totalsOf(cells: readonly MapCell[]): Record<Category, number> {
  const totals = Object.fromEntries(CATEGORIES.map(([category]) => [category, 0])) as Record<Category, number>
  for (const { counts } of cells)
    for (const [category] of CATEGORIES) totals[category] += counts[category] ?? 0
  return totals
}
