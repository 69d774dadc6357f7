import { LIMITS, maxRefcount, offsetHalves, setRefcount, writeEntry } from '../../format/index.ts'
import type { OutputFile } from '../output-file.ts'
import type { Allocator } from './output-tables.ts'
import type { ReferenceCounts } from './reference-counts.ts'

export interface RefcountStructures {
  readonly order: number
  /** Bytes. */
  readonly tableOffset: number
  readonly tableClusters: number
}

/** 16 bits as QEMU makes them; fewer only where the table would grow too large, more where a count needs them. */
const ORDERS = [4, 3, 2, 1, 0, 5, 6] as const

/** Writes refcount blocks for all that is referenced, themselves included, and their table. */
export async function writeRefcounts(
  output: OutputFile,
  references: ReferenceCounts,
  allocator: Allocator,
  clusterSize: number,
): Promise<RefcountStructures> {
  const fitting = ORDERS.flatMap((order) =>
    references.greatest <= maxRefcount(order) ? [layOut(references, allocator.next, clusterSize, order)] : [],
  )
  const layout = fitting.find(({ table }) => table * clusterSize <= LIMITS.refcountTable) ?? fitting[0]
  if (!layout) throw new Error('no width of refcounts fits')
  const tableAt = allocator.take(layout.table, 1)
  const blocksAt = allocator.take(layout.blocks.length, 1)
  await writeBlocks(output, references, layout, blocksAt * clusterSize, clusterSize)
  const table = new Uint8Array(layout.table * clusterSize)
  for (const [index, block] of layout.blocks.entries()) {
    const { high, low } = offsetHalves((blocksAt + index) * clusterSize)
    writeEntry(table, block, high, low)
  }
  await output.write(table, tableAt * clusterSize)
  return { order: layout.order, tableOffset: tableAt * clusterSize, tableClusters: layout.table }
}

interface Layout {
  readonly order: number
  /** Refcounts in a block. */
  readonly perBlock: number
  /** Blocks that are needed, ascending, by their place in the table. */
  readonly blocks: readonly number[]
  /** Clusters of the table. */
  readonly table: number
}

/** The structures count themselves: more of them are added until they all have a place. */
function layOut(references: ReferenceCounts, next: number, clusterSize: number, order: number): Layout {
  const perBlock = (clusterSize * 8) / 2 ** order
  const used = new Set<number>()
  for (const cluster of references.clusters()) used.add(Math.floor(cluster / perBlock))
  let table = 1
  let blocks = new Set(used)
  for (;;) {
    const end = next + table + blocks.size
    const wanted = new Set(used)
    for (let block = Math.floor(next / perBlock); block <= Math.floor((end - 1) / perBlock); block++)
      wanted.add(block)
    const wantedTable = Math.ceil(((Math.floor((end - 1) / perBlock) + 1) * 8) / clusterSize)
    if (wanted.size === blocks.size && wantedTable === table) break
    blocks = wanted
    table = wantedTable
  }
  return { order, perBlock, blocks: [...blocks].sort((a, b) => a - b), table }
}

async function writeBlocks(
  output: OutputFile,
  references: ReferenceCounts,
  { blocks, perBlock, order }: Layout,
  position: number,
  clusterSize: number,
): Promise<void> {
  const bytes = new Uint8Array(clusterSize)
  let at = 0
  let dirty = false
  const flush = async () => {
    if (dirty) await output.write(bytes, position + at * clusterSize)
    bytes.fill(0)
    dirty = false
  }
  for (const cluster of references.clusters()) {
    const block = Math.floor(cluster / perBlock)
    if (blocks[at] !== block) {
      await flush()
      while (blocks[at] !== block) at++
    }
    setRefcount(bytes, order, cluster % perBlock, references.get(cluster))
    dirty = true
  }
  await flush()
}
