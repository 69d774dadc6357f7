import { COMPRESSED_HIGH, compressedExtent, entryOffset } from '../format/index.ts'
import { type MetadataReader, TooMuchWork } from './metadata-reader.ts'
import type { Use } from './survey.ts'
import type { WindowTable } from './visit-windows.ts'
import type { WalkContext } from './walk-context.ts'

/** Bytes of all tables of a window that are in memory at once. */
const WINDOW_BYTES = 2 ** 22
const SLICE = 512

/** Owners that are told in all; a sound image tells those of a run at once, however long it is. */
const MOST_TOLD = 2 ** 22

interface Run {
  readonly first: number
  readonly from: number
  count: number
  readonly kind: 'data' | 'compressed'
  readonly tables: readonly WindowTable[]
}

/** Tells the uses of what the L2 tables of one window reference. */
export class TableVisitor {
  readonly #context: WalkContext
  readonly #reader: MetadataReader
  readonly #visitor: (use: Use) => void
  /** By the first of the tables that share it. */
  readonly #runs = new Map<WindowTable, Run>()

  constructor(context: WalkContext, reader: MetadataReader, visitor: (use: Use) => void) {
    this.#context = context
    this.#reader = reader
    this.#visitor = visitor
  }

  #told = 0

  async visit(tables: readonly WindowTable[]): Promise<void> {
    const { clusterSize, l2EntrySize } = this.#context.image.geometry
    const fitting = 2 ** Math.floor(Math.log2(Math.max(SLICE, WINDOW_BYTES / tables.length)))
    const slice = Math.min(clusterSize, fitting)
    const atOnce = Math.max(1, Math.floor(WINDOW_BYTES / slice))
    const bytes = new Uint8Array(slice * Math.min(atOnce, tables.length))
    const view = new DataView(bytes.buffer)
    for (let from = 0; from < clusterSize; from += slice) {
      // Thousands of different tables for one window: they are told one batch after another.
      for (let start = 0; start < tables.length; start += atOnce) {
        const batch = tables.slice(start, start + atOnce)
        for (const [row, { offset }] of batch.entries()) {
          const pending = this.#reader.fill(bytes.subarray(row * slice, (row + 1) * slice), offset + from)
          if (typeof pending !== 'boolean') await pending
        }
        if (isZero(view, batch.length * slice)) {
          this.#reader.sawZeros(batch.length * slice)
          continue
        }
        for (let at = 0; at < slice; at += l2EntrySize)
          this.#entry(batch, view, at, slice, (from + at) / l2EntrySize)
      }
      const turn = this.#reader.breathe()
      if (turn) await turn
    }
    for (const run of this.#runs.values()) this.#tell(run)
    this.#runs.clear()
  }

  /** The entry at one index of all tables: those with the same cluster share it. */
  #entry(tables: readonly WindowTable[], view: DataView, at: number, slice: number, index: number): void {
    let shared: Map<number, WindowTable[]> | undefined
    for (let row = 0; row < tables.length; row++) {
      const table = tables[row] as WindowTable
      const high = view.getUint32(row * slice + at)
      const low = view.getUint32(row * slice + at + 4)
      if ((high & 0x40ff_ffff) === 0 && (low & ~511) === 0) continue
      if ((high & COMPRESSED_HIGH) !== 0) {
        this.#compressed(table, high, low, index)
        continue
      }
      if (this.#context.image.features.externalData) continue
      const offset = entryOffset(high, low)
      if (tables.length === 1) {
        this.#data(offset, index, tables)
        continue
      }
      shared ??= new Map()
      const known = shared.get(offset)
      if (known) known.push(table)
      else shared.set(offset, [table])
    }
    if (shared === undefined) return
    for (const [offset, owners] of shared) this.#data(offset, index, owners)
  }

  #compressed(table: WindowTable, high: number, low: number, index: number): void {
    const { clusterBits, clusterSize } = this.#context.image.geometry
    const { host, length } = compressedExtent(high, low, clusterBits)
    const first = Math.floor(host / clusterSize)
    const count = Math.floor((host + length - 1) / clusterSize) - first + 1
    this.#tell({ first, from: index, count, kind: 'compressed', tables: [table] })
  }

  #data(offset: number, index: number, tables: readonly WindowTable[]): void {
    const { clusterSize } = this.#context.image.geometry
    const first = Math.floor(offset / clusterSize)
    if (offset % clusterSize !== 0) {
      this.#tell({ first, from: index, count: 2, kind: 'data', tables })
      return
    }
    const [leader] = tables as [WindowTable]
    const run = this.#runs.get(leader)
    if (run) {
      const same =
        run.tables.length === tables.length && run.tables.every((table, place) => table === tables[place])
      if (same && run.first + run.count === first && run.from + run.count === index) {
        run.count++
        return
      }
      this.#tell(run)
    }
    this.#runs.set(leader, { first, from: index, count: 1, kind: 'data', tables })
  }

  #tell({ first, from, count, kind, tables }: Run): void {
    const { l2Coverage, clusterSize } = this.#context.image.geometry
    const [table] = tables as [WindowTable]
    const snapshots = tables.length === 1 ? table.snapshots : tables.flatMap((one) => one.snapshots)
    this.#told += tables.length === 1 ? 0 : snapshots.length
    if (this.#told > MOST_TOLD) throw new TooMuchWork('more owners than can be told')
    const guest = table.l1Index * l2Coverage + from * clusterSize
    this.#visitor({ first, count, owner: { kind, guest, l2Offset: table.offset, snapshots } })
  }
}

function isZero(view: DataView, length: number): boolean {
  for (let at = 0; at < length; at += 8)
    if (view.getUint32(at) !== 0 || view.getUint32(at + 4) !== 0) return false
  return true
}
