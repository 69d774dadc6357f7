import type { ClusterRange, Survey } from '../../check/survey.ts'
import type { ClusterReader } from './cluster-reader.ts'
import { INVALID, type L1Entries } from './l1-entries.ts'
import { countsIn, type L2Contents, readL2 } from './l2-entries.ts'
import { PagedCounts } from './paged-counts.ts'
import type { TableRules } from './table-rules.ts'

/** An L1 table in the file, with its entries. */
export interface ReadL1 {
  /** Bytes. */
  readonly offset: number
  readonly entries: number
  readonly read: L1Entries
}

/** How the references of one L2 table stand to the refcounts, in references. */
export interface L2Standing {
  readonly contents: L2Contents
  /** Of the table's own cluster. */
  readonly own: number
  readonly exact: number
  /** To clusters that are claimed more often than their refcount says, and less often. */
  readonly more: number
  readonly fewer: number
  /** To clusters whose refcount is 1. */
  readonly alone: number
}

/**
 * References as they would be if other L1 tables were in use than the survey found: the survey's counts, and what each
 * table adds or takes away. What is left of a cluster's refcount tells whether that is the truth.
 */
export class References {
  readonly #survey: Survey
  readonly #reader: ClusterReader
  readonly #rules: TableRules
  readonly #stored: (cluster: number) => number
  readonly #added = new PagedCounts()
  #pending = new Map<number, number>()
  readonly #standings = new Map<number, L2Standing>()
  readonly #crossLinked: ReadonlySet<number>

  constructor(
    survey: Survey,
    reader: ClusterReader,
    rules: TableRules,
    stored: (cluster: number) => number = (cluster) => survey.stored(cluster),
  ) {
    this.#survey = survey
    this.#reader = reader
    this.#rules = rules
    this.#stored = stored
    this.#crossLinked = new Set(survey.crossLinked)
  }

  /** Lets an L1 table own what it reaches, `weight` times more; in force after `settle`. */
  own(l1: ReadL1, weight: number): void {
    if (weight === 0) return
    for (const cluster of this.clustersOf(l1)) this.#added.add(cluster, weight)
    for (const l2 of l1.read.l2s) if (l2 > 0) this.ownL2(l2, weight)
    for (const offset of l1.read.strays) this.ownRange(offset, weight)
  }

  /** A cluster's length from an offset that may be unaligned. */
  ownRange(offset: number, weight: number): void {
    const { clusterSize } = this.#rules.geometry
    if (!countsIn(offset, clusterSize, this.#rules)) return
    const last = Math.floor((offset + clusterSize - 1) / clusterSize)
    for (let cluster = Math.floor(offset / clusterSize); cluster <= last; cluster++)
      this.#added.add(cluster, weight)
    this.#standings.clear()
  }

  ownL2(offset: number, weight: number): void {
    this.#pending.set(offset, (this.#pending.get(offset) ?? 0) + weight)
  }

  ownCluster(cluster: number, weight: number): void {
    this.#added.add(cluster, weight)
    this.#standings.clear()
  }

  /** @returns false: the budget ended, and the counts are incomplete */
  async settle(): Promise<boolean> {
    const pending = this.#pending
    this.#pending = new Map()
    this.#standings.clear()
    const offsets = [...pending].filter(([, weight]) => weight !== 0).map(([offset]) => offset)
    const { clusterSize } = this.#rules.geometry
    return this.#reader.tables(offsets, (offset, bytes) => {
      const weight = pending.get(offset) as number
      this.#added.add(offset / clusterSize, weight)
      readL2(bytes, this.#rules, (cluster) => this.#added.add(cluster, weight))
    })
  }

  get clusterSize(): number {
    return this.#rules.geometry.clusterSize
  }

  isCrossLinked(cluster: number): boolean {
    return this.#crossLinked.has(cluster)
  }

  stored(cluster: number): number {
    return this.#stored(cluster)
  }

  /** References that the refcount has and nobody accounts for; below 0: that are accounted for and it doesn't have. */
  residual(cluster: number): number {
    return this.#stored(cluster) - this.#survey.referenced(cluster) - this.#added.get(cluster)
  }

  referenced(cluster: number): number {
    return this.#survey.referenced(cluster) + this.#added.get(cluster)
  }

  /** True where nothing was added to any of these clusters: their counts are those of the survey. */
  isAsSurveyed({ first, count }: ClusterRange): boolean {
    return !this.#added.touches(first, count)
  }

  /** Numbers of the clusters that the table itself fills. */
  *clustersOf({ offset, entries }: { readonly offset: number; readonly entries: number }): Iterable<number> {
    const { clusterSize } = this.#rules.geometry
    const first = offset / clusterSize
    const count = Math.ceil((entries * 8) / clusterSize)
    for (let index = 0; index < count; index++) yield first + index
  }

  /** What these L2 tables reference, held against the refcounts; read once until the owners change. */
  async standings(offsets: Iterable<number>): Promise<ReadonlyMap<number, L2Standing>> {
    const { clusterSize } = this.#rules.geometry
    const unknown = new Set<number>()
    for (const offset of offsets)
      if (offset !== 0 && offset !== INVALID && !this.#standings.has(offset)) unknown.add(offset)
    await this.#reader.tables([...unknown], (offset, bytes) => {
      let [exact, more, fewer, alone] = [0, 0, 0, 0]
      const contents = readL2(bytes, this.#rules, (cluster) => {
        const rest = this.residual(cluster)
        if (this.#stored(cluster) === 1) alone++
        // Two owners that can't share a cluster are a damage of their own, and say nothing about who else owns it.
        if (rest === 0 || (rest < 0 && this.#crossLinked.has(cluster))) exact++
        else if (rest < 0) more++
        else fewer++
      })
      this.#standings.set(offset, {
        contents,
        own: this.residual(offset / clusterSize),
        exact,
        more,
        fewer,
        alone,
      })
    })
    return this.#standings
  }
}
