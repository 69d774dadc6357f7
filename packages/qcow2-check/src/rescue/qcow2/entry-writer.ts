import type { Extent } from '../../mapping/extent.ts'
import type { LostRange } from '../../mapping/extent-reader.ts'
import type { ByteRange } from '../../mapping/tolerant-read.ts'
import type { ClusterRun, MixedCluster } from './cluster-runs.ts'
import type { L2Builder } from './l2-builder.ts'
import { outputCluster } from './place.ts'
import { planSubclusters } from './subcluster-plan.ts'
import type { TableGroup } from './window-walk.ts'
import type { TableWriting, WrittenParts } from './write-tables.ts'

/** Writes the entries of one L2 table, and makes the clusters that stand nowhere in the source. */
export class EntryWriter {
  readonly #group: TableGroup
  readonly #table: L2Builder
  readonly #lost: LostRange[]
  readonly #writing: TableWriting
  readonly #into: WrittenParts
  /** Guest offset of the first entry, bytes. */
  readonly #start: number
  readonly #active: boolean

  /** @param lost gets what turns out to be missing */
  constructor(
    group: TableGroup,
    table: L2Builder,
    lost: LostRange[],
    writing: TableWriting,
    into: WrittenParts,
  ) {
    this.#group = group
    this.#table = table
    this.#lost = lost
    this.#writing = writing
    this.#into = into
    this.#start = group.window * writing.reader.image.geometry.l2Coverage
    this.#active = group.disks[0] === 0
  }

  /** A promise only where a cluster is made: there are millions of entries. */
  write(run: ClusterRun | MixedCluster): Promise<void> | undefined {
    const { clusterSize } = this.#writing.place
    const first = (run.guest - this.#start) / clusterSize
    if (run.kind === 'mixed') return this.#mixed(first, run)
    if (run.kind === 'data') this.#data(first, run)
    else if (run.kind === 'zero') for (let at = 0; at < run.clusters; at++) this.#table.zero(first + at)
    else if (run.kind === 'compressed') return this.#make(first, run.guest, [run.extent])
    else if (run.kind === 'backing' && run.guest < this.#writing.backingSize) return this.#backing(first, run)
    return undefined
  }

  #data(first: number, { extent, clusters }: ClusterRun): void {
    this.#reportUnread(extent)
    const { references } = this.#into
    const { place } = this.#writing
    const start = outputCluster(extent.host as number, place)
    for (let at = 0; at < clusters; at++) {
      const count = references.get(start + at)
      // Without references it held zeros.
      if (count === 0) this.#table.zero(first + at)
      else this.#table.data(first + at, (start + at) * place.clusterSize, this.#active && count === 1)
    }
  }

  #mixed(index: number, cluster: MixedCluster): Promise<void> | undefined {
    const { place, backingSize } = this.#writing
    const plan = planSubclusters(cluster, place.clusterSize, backingSize)
    if (plan.kind === 'composed') return this.#make(index, cluster.guest, cluster.parts)
    for (const part of cluster.parts) if (part.kind === 'data') this.#reportUnread(part)
    const { host, allocated, zero } = plan
    const stored = host === undefined ? 0 : outputCluster(host, place)
    const count = stored === 0 ? 0 : this.#into.references.get(stored)
    const reads = (allocated | zero) >>> 0
    if (count > 0)
      this.#table.data(index, stored * place.clusterSize, this.#active && count === 1, allocated, zero)
    else if (reads !== 0) this.#table.zero(index, reads)
    return undefined
  }

  async #backing(first: number, { guest, clusters }: ClusterRun): Promise<void> {
    const { clusterSize } = this.#writing.place
    const { backingSize } = this.#writing
    for (let at = 0; at < clusters && guest + at * clusterSize < backingSize; at++) {
      const offset = guest + at * clusterSize
      await this.#make(first + at, offset, [{ kind: 'backing', offset, length: clusterSize }])
    }
  }

  #make(index: number, guest: number, parts: readonly Extent[]): Promise<void> | undefined {
    if (!this.#into.made.exhausted) return this.#makeOne(index, guest, parts)
    const length = this.#writing.place.clusterSize
    this.#lost.push({ offset: guest, length, reason: 'too-much-work' })
    return undefined
  }

  async #makeOne(index: number, guest: number, parts: readonly Extent[]): Promise<void> {
    const { made, references } = this.#into
    const { cluster, lost } = await made.make(this.#group.window, guest, parts, this.#group.disks.length)
    this.#lost.push(...lost)
    if (cluster !== undefined) {
      const copied = this.#active && references.get(cluster) === 1
      this.#table.data(index, cluster * this.#writing.place.clusterSize, copied)
    } else if (parts.some(({ kind }) => kind !== 'backing')) this.#table.zero(index)
  }

  /** Parts of an extent of data that could not be read. */
  #reportUnread({ offset, length, host = 0 }: Extent): void {
    const { bad } = this.#writing
    for (let at = firstAfter(bad, host); at < bad.length; at++) {
      const range = bad[at] as ByteRange
      if (range.offset >= host + length) break
      const from = Math.max(host, range.offset)
      const to = Math.min(host + length, range.offset + range.length)
      this.#lost.push({ offset: offset + from - host, length: to - from, reason: 'read-error' })
    }
  }
}

/** Position of the first range that ends behind `offset`. */
function firstAfter(ranges: readonly ByteRange[], offset: number): number {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const { offset: start, length } = ranges[middle] as ByteRange
    if (start + length > offset) high = middle
    else low = middle + 1
  }
  return low
}
