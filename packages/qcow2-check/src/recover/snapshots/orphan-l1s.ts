import type { Survey } from '../../check/survey.ts'
import type { ClusterReader } from '../reading/cluster-reader.ts'
import type { TableRules } from '../reading/table-rules.ts'
import { type DataAnchorRequest, windowsByData } from './data-anchors.ts'
import type { KnownL1 } from './known-l1s.ts'
import type { ShapedCluster } from './shape-scan.ts'

/** Where an L1 table that nothing names begins. */
export interface OrphanPlace {
  readonly offset: number
  /** Its beginning is proven by what it shares with other disks, or there is but one. */
  readonly anchored: boolean
}

export interface OrphanSearch {
  readonly survey: Survey
  readonly reader: ClusterReader
  readonly rules: TableRules
  /** L2 tables of the active disk and of known L1 tables, with the L1 index they have there. */
  readonly l1IndexOf: ReadonlyMap<number, number>
  /** Entries of L1 tables, the sizes that occur in this image; bytes/8. */
  readonly sizes: readonly number[]
}

/** Clusters whose entries lead to L2 tables, and to which no such cluster leads. */
export function l1Shaped(
  shapes: readonly ShapedCluster[],
  l1IndexOf: ReadonlyMap<number, number>,
): ShapedCluster[] {
  const tables = new Set(shapes.filter(({ kind }) => kind === 'table').map(({ offset }) => offset))
  const likely = shapes.filter(({ samples = [], offset }) => {
    const leading = samples.filter((sample) => tables.has(sample.offset) || l1IndexOf.has(sample.offset))
    return leading.length > samples.length / 2 && samples.every((sample) => sample.offset !== offset)
  })
  // Those that others lead to are L2 tables, whatever they look like.
  const named = new Set(likely.flatMap(({ samples = [] }) => samples.map(({ offset }) => offset)))
  return likely.filter(({ offset }) => !named.has(offset))
}

/**
 * L1 tables among clusters that nobody names: their entries lead to L2 tables, either to such ones that nobody names
 * either, or to those of other disks. A table of several clusters (with 512-byte clusters each maps 2 MiB only) may begin
 * with empty ones; an L2 table that another disk has too is at the same index there, and so are shared data clusters.
 */
export async function findOrphanL1s(
  shapes: readonly ShapedCluster[],
  search: OrphanSearch,
): Promise<OrphanPlace[]> {
  const { rules, l1IndexOf, sizes } = search
  const { clusterSize } = rules.geometry
  const byOffset = new Map(shapes.map((shape) => [shape.offset, shape]))
  const tops = l1Shaped(shapes, l1IndexOf)
  const most = Math.max(1, ...sizes.map((entries) => Math.ceil((entries * 8) / clusterSize)))
  if (most === 1) return tops.map(({ offset }) => ({ offset, anchored: true }))
  return placeLongTables(tops, byOffset, most, search)
}

async function placeLongTables(
  tops: readonly ShapedCluster[],
  byOffset: ReadonlyMap<number, ShapedCluster>,
  clusters: number,
  search: OrphanSearch,
): Promise<OrphanPlace[]> {
  const { rules, l1IndexOf } = search
  const { clusterSize } = rules.geometry
  const perCluster = clusterSize / 8
  const places = new Places(clusters * clusterSize)
  const anchor = (top: ShapedCluster, index: number, l1Index: number) => {
    const ahead = l1Index - index
    const start = top.offset - (ahead / perCluster) * clusterSize
    if (ahead < 0 || ahead % perCluster !== 0 || start <= 0) return
    places.add({ offset: start, anchored: true })
  }
  const open: DataAnchorRequest<ShapedCluster>[] = []
  for (const top of tops) {
    const { samples = [] } = top
    const shared = samples.find((sample) => l1IndexOf.has(sample.offset))
    if (shared) anchor(top, shared.index, l1IndexOf.get(shared.offset) as number)
    else for (const { index, offset } of samples) open.push({ of: top, index, l2Offset: offset })
  }
  const rest = open.filter(({ of }) => !places.cover(of.offset))
  for (const [{ of, index }, window] of await windowsByData(rest, search))
    if (!places.cover(of.offset)) anchor(of, index, window)
  for (const top of tops) {
    if (places.cover(top.offset)) continue
    // The first cluster of the run that has entries is the first of the table, most likely: every disk has a beginning.
    let before = 0
    while (byOffset.get(top.offset - (before + 1) * clusterSize)?.kind === 'zero') before++
    places.add({ offset: top.offset, anchored: before === 0 })
  }
  return places.all
}

/** Tables of one length; says of a place whether one of them covers it without going through all of them. */
class Places {
  readonly #length: number
  readonly #byStart = new Map<number, OrphanPlace>()
  /** First and last start in each stretch of the file that is as long as a table. */
  readonly #starts = new Map<number, { first: number; last: number }>()

  constructor(length: number) {
    this.#length = length
  }

  get all(): OrphanPlace[] {
    return [...this.#byStart.values()]
  }

  add(place: OrphanPlace): void {
    this.#byStart.set(place.offset, place)
    const stretch = Math.floor(place.offset / this.#length)
    const { first = place.offset, last = place.offset } = this.#starts.get(stretch) ?? {}
    this.#starts.set(stretch, { first: Math.min(first, place.offset), last: Math.max(last, place.offset) })
  }

  cover(offset: number): boolean {
    const stretch = Math.floor(offset / this.#length)
    const here = this.#starts.get(stretch)
    const before = this.#starts.get(stretch - 1)
    return (
      (here !== undefined && here.first <= offset) ||
      (before !== undefined && before.last + this.#length > offset)
    )
  }
}

/** Where each L2 table stands in the L1 tables that name it. */
export function l1Indexes(tables: Iterable<{ readonly read: KnownL1['read'] }>): Map<number, number> {
  const indexes = new Map<number, number>()
  for (const { read } of tables)
    read.l2s.forEach((offset, index) => {
      if (offset > 0 && !indexes.has(offset)) indexes.set(offset, index)
    })
  return indexes
}
