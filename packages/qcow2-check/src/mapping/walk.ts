import type { Image } from '../image/image.ts'
import type { GuestSpan } from './decode-l2.ts'
import type { GuestDisk } from './disk.ts'
import type { Extent } from './extent.ts'
import { ExtentList } from './extent-list.ts'
import { L1Entries, type L1Lookup } from './l1-entries.ts'
import { L2Tables, mapTable } from './l2-table.ts'
import { type TableContext, tableContext } from './table-context.ts'
import { entriesCost, type Work } from './work.ts'

/** Tables of an image, and how far they may be walked. */
export interface TableReader {
  readonly image: Image
  readonly context: TableContext
  readonly tables: L2Tables
  readonly work: Work
}

export function tableReader(image: Image, work: Work): TableReader {
  const context = tableContext(image)
  return { image, context, tables: new L2Tables(image.source, context), work }
}

/** L1 entries from `from` to before `to` that lead to the same. */
interface Step {
  readonly from: number
  readonly to: number
  readonly target: L1Lookup
}

/** Steps in memory at a time; without a bound a table of rubbish would be one batch. */
const STEPS = 4096

/** Extents that are handed on at a time, or those of one table if it has more. */
const LIST = 4096

/**
 * Extents of a part of the guest's disk in ascending order, in lists of any length, joined across them. Beyond
 * `disk.size` there is machine state.
 *
 * @throws what `signal` was aborted with
 */
export async function* walkDisk(
  reader: TableReader,
  disk: GuestDisk,
  { start, end }: GuestSpan,
  { signal, l1 = new L1Entries(reader.image.source, disk, reader.context) }: WalkOptions = {},
): AsyncGenerator<readonly Extent[], void, undefined> {
  const { l2Coverage } = reader.image.geometry
  const into = new ExtentList(reader.context)
  const last = Math.ceil(end / l2Coverage)
  for (let index = Math.floor(start / l2Coverage); index < last; ) {
    signal?.throwIfAborted()
    const steps = await nextSteps(l1, index, last, reader.tables.perLoad)
    if (!reader.work.take(steps.length)) {
      const from = Math.max(start, index * l2Coverage)
      into.lost(from, end - from, 'too-much-work')
      break
    }
    const offsets = steps.flatMap(({ target }) => (typeof target === 'number' && target > 0 ? [target] : []))
    const tables = await reader.tables.load(offsets)
    for (const step of steps) {
      const from = Math.max(start, step.from * l2Coverage)
      const to = Math.min(end, step.to * l2Coverage)
      if (step.target === 0) into.plain('backing', from, to - from)
      else if (typeof step.target === 'string') into.lost(from, to - from, step.target)
      else {
        const table = tables.get(step.target)
        const entries = (to - from) / reader.context.clusterSize
        if (!table || !reader.work.take(entriesCost(entries))) into.lost(from, to - from, 'too-much-work')
        else {
          const before = into.length
          mapPart(reader, table, step.from * l2Coverage, { start: from, end: to }, into)
          // An entry can have 32 extents, of subclusters.
          reader.work.spend(into.length - before)
        }
      }
      if (into.length > LIST) yield into.takeFinished()
    }
    index = (steps.at(-1) as Step).to
  }
  const rest = into.takeAll()
  if (rest.length > 0) yield rest
}

export interface WalkOptions {
  readonly signal?: AbortSignal | undefined
  /** The disk's L1 table, where it is looked at more than once. */
  readonly l1?: L1Entries
}

/** Tables are decoded by clusters; a span that begins within one is cut afterwards. */
function mapPart(
  { context }: TableReader,
  table: Parameters<typeof mapTable>[0],
  window: number,
  span: GuestSpan,
  into: ExtentList,
): void {
  const within = (span.start - window) % context.clusterSize
  if (within === 0) {
    mapTable(table, window, span, context, into)
    return
  }
  const whole = new ExtentList(context)
  mapTable(table, window, { start: span.start - within, end: span.end }, context, whole)
  for (const extent of whole.takeAll()) {
    const cut = cutExtent(extent, span)
    if (cut) into.add(cut)
  }
}

/** The part of an extent that lies in a span. A compressed cluster keeps its host bytes, and says where it begins. */
export function cutExtent(extent: Extent, { start, end }: GuestSpan): Extent | undefined {
  const from = Math.max(start, extent.offset)
  const to = Math.min(end, extent.offset + extent.length)
  if (from >= to) return undefined
  if (from === extent.offset && to === extent.offset + extent.length) return extent
  const moved = extent.kind === 'data' ? { host: (extent.host as number) + from - extent.offset } : {}
  return { ...extent, offset: from, length: to - from, ...moved }
}

async function nextSteps(l1: L1Entries, index: number, last: number, tables: number): Promise<Step[]> {
  const steps: Step[] = []
  let next = index
  for (let count = 0; next < last && count < tables && steps.length < STEPS; ) {
    if (next >= l1.count) {
      steps.push({ from: next, to: last, target: await l1.lookup(next) })
      return steps
    }
    const pending = l1.lookup(next)
    const target = pending instanceof Promise ? await pending : pending
    const to = target === 0 ? l1.skipZeros(next + 1, last) : next + 1
    steps.push({ from: next, to, target })
    if (typeof target === 'number' && target > 0) count++
    next = to
  }
  return steps
}
