import type { BlockSource } from '../source/index.ts'
import { decodeL2, type GuestSpan } from './decode-l2.ts'
import type { ExtentList } from './extent-list.ts'
import type { TableContext } from './table-context.ts'
import { type ByteRange, readTolerantly } from './tolerant-read.ts'

/** An L2 table in memory. */
export interface L2Table {
  readonly view: DataView
  /** Parts of it that are not there, bytes from its beginning, ascending. */
  readonly faults: readonly L2Fault[]
}

export interface L2Fault extends ByteRange {
  readonly reason: 'read-error' | 'truncated'
}

/** Tables with less than this between them are read at once: a request costs more than the bytes. */
const GAP = 65536
/** Bytes of one read, and of all tables that are kept. */
const READ = 4 * 1024 * 1024
const KEPT = 8 * 1024 * 1024

/** Reads L2 tables, many at a time, and keeps the last ones. */
export class L2Tables {
  readonly #source: BlockSource
  readonly #context: TableContext
  readonly #kept = new Map<number, L2Table>()

  constructor(source: BlockSource, context: TableContext) {
    this.#source = source
    this.#context = context
  }

  /** Tables that one `load` may ask for. */
  get perLoad(): number {
    return Math.max(1, Math.min(1024, READ / this.#context.clusterSize))
  }

  /** @param offsets bytes, of clusters that begin in the file; at most `perLoad` different ones */
  async load(offsets: readonly number[]): Promise<ReadonlyMap<number, L2Table>> {
    const found = new Map<number, L2Table>()
    const missing: number[] = []
    for (const offset of new Set(offsets)) {
      const kept = this.#kept.get(offset)
      if (kept) found.set(offset, kept)
      else missing.push(offset)
    }
    missing.sort((a, b) => a - b)
    const { clusterSize } = this.#context
    for (let first = 0; first < missing.length; ) {
      const start = missing[first] as number
      let next = first + 1
      for (; next < missing.length; next++) {
        const offset = missing[next] as number
        const end = (missing[next - 1] as number) + clusterSize
        if (offset - end > GAP || offset + clusterSize - start > READ) break
      }
      await this.#read(missing.slice(first, next), found)
      first = next
    }
    this.#keep(found)
    return found
  }

  async #read(offsets: readonly number[], into: Map<number, L2Table>): Promise<void> {
    const { clusterSize, fileSize } = this.#context
    const start = offsets[0] as number
    const bytes = new Uint8Array((offsets.at(-1) as number) + clusterSize - start)
    const pending = readTolerantly(this.#source, bytes, start)
    const bad = pending instanceof Promise ? await pending : pending
    for (const offset of offsets) {
      const faults: L2Fault[] = bad.flatMap((range) => within(range, offset, clusterSize))
      if (offset + clusterSize > fileSize)
        faults.push({
          offset: fileSize - offset,
          length: offset + clusterSize - fileSize,
          reason: 'truncated',
        })
      // A copy where it was read with others: what is kept would otherwise hold on to all of them.
      const at = offset - start
      const own = offsets.length === 1 ? bytes : bytes.slice(at, at + clusterSize)
      into.set(offset, { view: new DataView(own.buffer), faults })
    }
  }

  #keep(tables: ReadonlyMap<number, L2Table>): void {
    for (const [offset, table] of tables) {
      this.#kept.delete(offset)
      this.#kept.set(offset, table)
    }
    const most = Math.max(1, KEPT / this.#context.clusterSize)
    for (const offset of this.#kept.keys()) {
      if (this.#kept.size <= most) break
      this.#kept.delete(offset)
    }
  }
}

function within({ offset, length }: ByteRange, table: number, clusterSize: number): L2Fault[] {
  const from = Math.max(0, offset - table)
  const to = Math.min(clusterSize, offset + length - table)
  return from < to ? [{ offset: from, length: to - from, reason: 'read-error' }] : []
}

/**
 * Extents of a part of a table's window.
 *
 * @param window guest offset of the table's first entry, bytes
 * @param span within the window, beginning at a cluster
 */
export function mapTable(
  { view, faults }: L2Table,
  window: number,
  span: GuestSpan,
  context: TableContext,
  into: ExtentList,
): void {
  const { clusterSize, extendedL2 } = context
  const entrySize = extendedL2 ? 16 : 8
  const guestOf = (entry: number) => window + entry * clusterSize
  const decode = (start: number, end: number) => {
    if (start >= end) return
    const at = ((start - window) / clusterSize) * entrySize
    decodeL2(new DataView(view.buffer, view.byteOffset + at), { start, end }, context, into)
  }
  let done = span.start
  for (const { offset, length, reason } of faults) {
    const from = Math.max(done, guestOf(Math.floor(offset / entrySize)))
    const to = Math.min(span.end, guestOf(Math.ceil((offset + length) / entrySize)))
    if (from >= to) continue
    decode(done, from)
    into.lost(from, to - from, reason)
    done = to
  }
  decode(done, span.end)
}
