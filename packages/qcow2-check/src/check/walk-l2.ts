import type { L2References } from './l2-references.ts'
import { type L2Table, planWalk } from './l2-tables.ts'
import { L2Walker } from './l2-walker.ts'
import type { WalkContext } from './walk-context.ts'

/** Fewest bytes of each table that are walked side by side where a window has many. */
const SLICE = 512
/** More tables of a window are compared by hash. */
const MOST_ROWS = 64

/** Tables that hold nothing (sound as such, but also what zeros leave that were written over one), and rubbish. */
export interface OddTables {
  readonly empty: readonly L2Table[]
  readonly garbled: readonly L2Table[]
}

/** Walks every L2 table once; those of one window side by side, as far as they fit. */
export async function walkL2(context: WalkContext, references: L2References): Promise<OddTables> {
  const { alone, windows, tables } = planWalk(context, references)
  const { clusterSize, l2EntrySize } = context.image.geometry
  const walker = new L2Walker(context)
  walker.beginSlice(true, true)
  const total = tables * clusterSize
  let done = 0
  const { io } = context.store.kernel
  const atOnce = Math.max(1, Math.floor(io.length / clusterSize))
  // Neighbours in the file are read at once. No promise is made for each: there can be 10^5 tables of 4 KiB.
  for (const batch of batchesOf(alone, atOnce)) {
    const bytes = context.store.tables(Math.min(io.length, clusterSize * batch.length))
    for (let from = 0; from < clusterSize; from += bytes.length) {
      const pending = context.reader.fill(bytes, (batch[0] as L2Table).cluster * clusterSize + from)
      if (typeof pending !== 'boolean') await pending
      const turn = context.reader.breathe()
      if (turn) await turn
      const part = Math.min(bytes.length, clusterSize)
      for (let row = 0; row < batch.length; row++)
        walker.walk(batch[row] as L2Table, row * part, from / l2EntrySize, part / l2EntrySize)
    }
    done += batch.length * clusterSize
    context.progress(done, total)
  }
  for (const window of windows) {
    await walkWindow(context, walker, window)
    done += window.length * clusterSize
    context.progress(done, total)
  }
  return walker
}

/** Tables one behind the other in the file, as many as fit. */
function* batchesOf(tables: Iterable<L2Table>, atOnce: number): Generator<readonly L2Table[]> {
  let batch: L2Table[] = []
  for (const table of tables) {
    const last = batch.at(-1)
    if (last && (table.cluster !== last.cluster + 1 || batch.length === atOnce)) {
      yield batch
      batch = []
    }
    batch.push(table)
  }
  if (batch.length > 0) yield batch
}

/** Slice by slice, so that all tables of the window have theirs in memory. */
async function walkWindow(context: WalkContext, walker: L2Walker, window: readonly L2Table[]): Promise<void> {
  const { image, reader, store } = context
  const { clusterSize, l2EntrySize } = image.geometry
  const { io } = store.kernel
  const asRows = window.length <= MOST_ROWS
  const room = asRows ? io.length / window.length : SLICE
  const slice = Math.min(clusterSize, 2 ** Math.floor(Math.log2(Math.max(SLICE, room))))
  for (let from = 0; from < clusterSize; from += slice) {
    walker.beginSlice(asRows, slice === clusterSize)
    for (const [row, table] of window.entries()) {
      const at = asRows ? row * slice : 0
      const pending = reader.fill(io.subarray(at, at + slice), table.cluster * clusterSize + from)
      if (typeof pending !== 'boolean') await pending
      const turn = reader.breathe()
      if (turn) await turn
      walker.walk(table, at, from / l2EntrySize, slice / l2EntrySize, asRows ? row : 0, slice)
    }
  }
}
