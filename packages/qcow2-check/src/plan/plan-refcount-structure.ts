import type { Survey } from '../check/survey.ts'
import { LIMITS, maxRefcount, setRefcount } from '../format/index.ts'
import type { Draft, Edit } from './draft.ts'
import type { FreeSpace } from './free-space.ts'
import type { Proof } from './nothing-behind.ts'
import type { RefcountBlocks } from './refcount-blocks.ts'

/** Bytes of one write; a rebuilt structure of 1 TiB has 32 MB. */
const LONGEST = 1024 * 1024
/** Bytes of new blocks, or clusters that they count, beyond which what is referenced must fill a share of them. */
const MOST_SPARSE = 64 * 1024 * 1024
/** A file of a few MiB could ask for a block of 64 KiB for each entry; QEMU puts clusters side by side. */
const LEAST_FILLED = 1 / 32
/** Where the header points to the refcount table: offset and clusters, 12 bytes. */
export const POINTER = { offset: 48, length: 12 }

interface Layout {
  /** Indexes that get a new block, ascending. */
  readonly blocks: readonly number[]
  /** Entries that lead nowhere good and are not needed. */
  readonly cleared: readonly number[]
  /** Clusters of the new refcount table; 0: the old one stays. */
  readonly tableClusters: number
  /** First cluster of what is new: the blocks, then the table. */
  readonly start: number
}

/**
 * New refcount blocks where there is none that can be believed in, and a new table where that is broken or too short.
 * They hold what is referenced and keep what is leaked; the old clusters belong to whoever else uses them.
 */
export async function planRefcountStructure(
  draft: Draft,
  survey: Survey,
  proof: Proof,
  blocks: RefcountBlocks,
  space: FreeSpace,
): Promise<boolean> {
  if (draft.awaitsRelink) return false
  if (!draft.may('rebuild-refcounts', 'refcount-table-entry')) return false
  const layout = await layOut(survey, proof, blocks, space)
  if (layout === undefined) return false
  const { clusterSize } = survey.image.geometry
  const edits: Edit[] = []
  const placed = new Map(layout.blocks.map((index, at) => [index, (layout.start + at) * clusterSize]))
  for (const [index, offset] of placed) {
    const bytes = blockBytes(index, survey, proof, layout)
    for (let at = 0; at < bytes.length; at += LONGEST)
      edits.push({ offset: offset + at, bytes: bytes.slice(at, at + LONGEST), phase: 'append' })
  }
  if (layout.tableClusters === 0) {
    for (const index of [...layout.blocks, ...layout.cleared])
      edits.push({
        offset: blocks.tableOffset + index * 8,
        bytes: entryBytes(placed.get(index) ?? 0),
        phase: 'raise',
      })
  } else {
    const offset = (layout.start + layout.blocks.length) * clusterSize
    const table = new Uint8Array(layout.tableClusters * clusterSize)
    for (const [index, block] of blocks.offsets.entries()) table.set(entryBytes(block), index * 8)
    for (const [index, block] of placed) table.set(entryBytes(block), index * 8)
    edits.push({ offset, bytes: table, phase: 'append' })
    const pointer = new Uint8Array(POINTER.length)
    pointer.set(entryBytes(offset))
    new DataView(pointer.buffer).setUint32(8, layout.tableClusters)
    edits.push({ offset: POINTER.offset, bytes: pointer, phase: 'raise' })
  }
  const count = layout.blocks.length
  const blockNoun = count === 1 ? 'block' : 'blocks'
  return draft.act(
    {
      class: 'rebuild-refcounts',
      code: layout.tableClusters > 0 ? 'header-refcount-table' : 'refcount-table-entry',
      offset: layout.tableClusters > 0 ? POINTER.offset : blocks.tableOffset,
      why:
        layout.tableClusters > 0
          ? `a new refcount table with ${count} new ${blockNoun}, made from what is referenced`
          : `${count} new refcount ${blockNoun}, made from what is referenced`,
    },
    edits,
  )
}

async function layOut(
  survey: Survey,
  proof: Proof,
  { offsets, unsound, capacity, tableOffset }: RefcountBlocks,
  space: FreeSpace,
): Promise<Layout | undefined> {
  const { clusterSize, refcountBlockEntries: perBlock } = survey.image.geometry
  const needed = new Set<number>()
  // A block that says nothing has a cluster that is referenced: what is not counted at all needs none.
  for (let cluster = survey.nextCounted(0); cluster < survey.clusters; ) {
    const block = Math.floor(cluster / perBlock)
    const isThere = (offsets[block] ?? 0) !== 0
    const isNeeded = !isThere && countFor(cluster, survey, proof) > 0
    if (isNeeded) needed.add(block)
    cluster = survey.nextCounted(isThere || isNeeded ? (block + 1) * perBlock : cluster + 1)
  }
  const cleared = () => [...unsound].filter((index) => !needed.has(index))
  if (needed.size === 0 && unsound.size === 0 && tableOffset !== 0) return undefined
  if (needed.size === 0 && tableOffset !== 0)
    return { blocks: [], cleared: cleared(), tableClusters: 0, start: 0 }
  if (needed.size * Math.max(clusterSize, perBlock) > MOST_SPARSE && !areFilled(needed, survey))
    return undefined
  // The new clusters need refcounts too, which may take another block: until it fits.
  for (let count = needed.size, round = 0; round < 64; round++) {
    const offset = await space.take(count)
    if (offset === undefined) return undefined
    const start = offset / clusterSize
    for (let cluster = start; cluster < start + count; cluster++) {
      const block = Math.floor(cluster / perBlock)
      if ((offsets[block] ?? 0) === 0) needed.add(block)
    }
    const most = Math.max(...needed, -1) + 1
    const last = offsets.findLastIndex((block) => block !== 0) + 1
    const tableClusters =
      tableOffset === 0 || most > capacity ? Math.ceil((Math.max(most, last) * 8) / clusterSize) : 0
    if (tableClusters * clusterSize > LIMITS.refcountTable) return undefined
    const total = needed.size + tableClusters
    if (total === count)
      return { blocks: [...needed].sort((a, b) => a - b), cleared: cleared(), tableClusters, start }
    space.giveBack(offset, count)
    count = total
  }
  return undefined
}

function areFilled(blocks: ReadonlySet<number>, { clusters, image, nextReferenced }: Survey): boolean {
  const { refcountBlockEntries: perBlock } = image.geometry
  let referenced = 0
  for (let cluster = nextReferenced(0); cluster < clusters; cluster = nextReferenced(cluster + 1))
    if (blocks.has(Math.floor(cluster / perBlock))) referenced++
  return referenced >= blocks.size * perBlock * LEAST_FILLED
}

/** What a new block says of a cluster; of one that may hold something, 1. */
function countFor(cluster: number, survey: Survey, proof: Proof): number {
  const referenced = survey.referenced(cluster)
  const stored = survey.stored(cluster)
  if (referenced > 0) return stored > referenced && !proof.mayLower(cluster) ? stored : referenced
  if (proof.mayFree(cluster)) return 0
  if (proof.isGarbled(cluster)) return proof.holdsSomething(cluster) || stored > 0 ? 1 : 0
  return stored
}

function blockBytes(index: number, survey: Survey, proof: Proof, layout: Layout): Uint8Array {
  const { clusterSize, refcountBlockEntries: perBlock, refcountOrder } = survey.image.geometry
  const bytes = new Uint8Array(clusterSize)
  const first = index * perBlock
  const most = maxRefcount(refcountOrder)
  for (let cluster = first; cluster < Math.min(first + perBlock, survey.clusters); cluster++) {
    const value = countFor(cluster, survey, proof)
    if (value > 0) setRefcount(bytes, refcountOrder, cluster - first, Math.min(value, most))
  }
  const end = layout.start + layout.blocks.length + layout.tableClusters
  for (let cluster = Math.max(layout.start, first); cluster < Math.min(end, first + perBlock); cluster++)
    setRefcount(bytes, refcountOrder, cluster - first, 1)
  return bytes
}

export function entryBytes(offset: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(offset))
  return bytes
}
