import { getRefcount, maxRefcount } from '../format/index.ts'
import { SEEN_COPIED, SEEN_PLAIN, USE_CONFLICT, USE_MASK } from './counters/cell.ts'
import { Differences } from './differences.ts'
import type { ClusterRange } from './survey.ts'
import type { WalkContext } from './walk-context.ts'

/** Clusters in a row that agree before the fast loop goes on. */
const AGREED = 32

/** What the comparison of refcounts with references found. */
export class Comparison {
  readonly differences: Differences
  readonly crossLinked: number[] = []
  /** A COPIED flag of the active disk may be wrong. */
  copiedInDoubt = false
  /** The last cluster that has a refcount or a reference; -1: none. */
  highest = -1
  /** What a refcount can hold. */
  readonly most: number

  constructor(clusters: number, refcountOrder: number) {
    this.differences = new Differences(clusters)
    this.most = maxRefcount(refcountOrder)
  }

  #leaked: readonly ClusterRange[] | undefined

  /** Found out when first asked for: there can be millions. */
  leaked(find: () => readonly ClusterRange[]): readonly ClusterRange[] {
    this.#leaked ??= find()
    return this.#leaked
  }
}

/** Compares block by block, in the order of the clusters that they count. */
export async function compareRefcounts(context: WalkContext, blocks: Float64Array): Promise<Comparison> {
  const { image, store, reader } = context
  const { clusterSize, refcountBlockEntries: perBlock, refcountOrder: order } = image.geometry
  const { io } = store.kernel
  const result = new Comparison(store.clusters, order)
  // QEMU looks at a cluster beyond the end of the file only if something references it.
  const end = store.clusters - (store.cells.count(store.clusters - 1) > 0 ? 0 : 1)
  const atOnce = Math.max(1, Math.floor(io.length / clusterSize))
  const piece = Math.min(io.length, clusterSize)
  let index = 0
  while (index * perBlock < end) {
    const block = blocks[index] ?? 0
    if (block === 0) {
      // Up to the next block there are no refcounts at all.
      let next = index + 1
      while (next < blocks.length && blocks[next] === 0) next++
      const stop = next >= blocks.length ? end : Math.min(end, next * perBlock)
      unstored(context, result, index * perBlock, stop)
      index = next >= blocks.length ? Math.ceil(end / perBlock) : next
      continue
    }
    let together = 1
    while (
      together < atOnce &&
      (index + together) * perBlock < end &&
      blocks[index + together] === block + together * clusterSize
    )
      together++
    for (let from = 0; from < together * clusterSize; from += piece * together) {
      // Of the last block only the part that stands for clusters of the file.
      const wanted = Math.ceil(((end - index * perBlock) * 2 ** order) / 8) - from
      if (wanted <= 0) break
      const bytes = store.tables(Math.min(piece * together, Math.ceil(wanted / 512) * 512))
      const pending = reader.fill(bytes, block + from)
      if (typeof pending !== 'boolean') await pending
      const turn = reader.breathe()
      if (turn) await turn
      const first = index * perBlock + (from * 8) / 2 ** order
      const count = Math.min(end - first, (bytes.length * 8) / 2 ** order)
      if (count > 0) comparePiece(context, result, bytes, first, count)
    }
    index += together
  }
  return result
}

function comparePiece(
  context: WalkContext,
  result: Comparison,
  bytes: Uint8Array,
  first: number,
  count: number,
): void {
  const { image, store, reader } = context
  const order = image.geometry.refcountOrder
  const { cells, kernel } = store
  let index = 0
  while (index < count) {
    index += kernel.compare(bytes.byteOffset - kernel.io.byteOffset, first + index, count - index, index)
    // Where one differs others near it do: the next ones are looked at here.
    for (let agreed = 0; index < count && agreed < AGREED; index++) {
      const stored = getRefcount(bytes, order, index)
      agreed = one(context, result, first + index, stored, cells.count(first + index)) ? 0 : agreed + 1
    }
  }
  const last = lastStored(bytes, order, count)
  if (last < 0) reader.sawZeros(bytes.length)
  else result.highest = Math.max(result.highest, first + last)
}

/** @returns false where nothing is wrong with the cluster */
function one(
  { store, tally }: WalkContext,
  result: Comparison,
  cluster: number,
  stored: number,
  referenced: number,
): boolean {
  if (stored === 0 && referenced === 0) return false
  const flags = store.cells.flags(cluster)
  const conflict = (flags & USE_MASK) === USE_CONFLICT
  const doubt = referenced > 0 && (flags & (stored === 1 ? SEEN_PLAIN : SEEN_COPIED)) !== 0
  if (conflict) result.crossLinked.push(cluster)
  if (doubt) result.copiedInDoubt = true
  if (stored === referenced) return conflict || doubt
  const { most } = result
  // QEMU complains of each reference beyond what a refcount can hold, and compares with the most it can.
  if (referenced > most) tally.corruptions += referenced - most
  if (stored > referenced) tally.leaks++
  else if (stored < Math.min(referenced, most)) tally.corruptions++
  result.differences.add(cluster, stored)
  result.highest = Math.max(result.highest, cluster)
  if (referenced > 0) result.copiedInDoubt = true
  return true
}

function unstored(context: WalkContext, result: Comparison, first: number, end: number): void {
  const { cells } = context.store
  for (let at = cells.nextUsed(first, end); at < end; at = cells.nextUsed(at + 1, end))
    one(context, result, at, 0, cells.count(at))
}

/** Index of the last refcount that is not 0; -1 if there is none. */
function lastStored(bytes: Uint8Array, order: number, count: number): number {
  let at = Math.ceil((count * 2 ** order) / 8) - 1
  while (at >= 0 && bytes[at] === 0) at--
  if (at < 0) return -1
  let index = Math.min(count, Math.floor(((at + 1) * 8 - 1) / 2 ** order) + 1) - 1
  while (index >= 0 && getRefcount(bytes, order, index) === 0) index--
  return index
}
