import type { Group, GroupKey } from '../totals/index.ts'
import type { Transfer } from '../transfer/index.ts'
import { latin1, readInteger } from '../transfer/values.ts'
import { CELL, LARGEST_RECORD, OWNER, RECORD, RECORDS, SLOT } from './layout.ts'
import type { Source } from './program.ts'
import { PAGE, type WasmMemory } from './web-assembly.ts'

const FIRST_SLOTS = 4096
/** More keys than half of it are given away before others come: each thread has such a table, and a record takes 100 bytes. */
const MOST_SLOTS = 1 << 18
const align = (address: number): number => (address + 15) & ~15

/** The hash table in the kernel's memory: one record for the keys of one program. */
export class Records {
  readonly #memory: WasmMemory
  /** Records lie between these addresses; slots of a table that grew lie between. */
  #parts: { readonly from: number; to: number }[] = []

  constructor(memory: WasmMemory) {
    this.#memory = memory
    this.#begin()
  }

  /** After the kernel stopped: room for more records. */
  makeRoom(): void {
    const cells = this.#cells()
    const end = cells.getUint32(CELL.recordEnd, true)
    // A line may take two records.
    if (cells.getInt32(CELL.recordsLeft, true) <= 0) this.#rehash(end)
    this.#extend(this.#cells().getUint32(CELL.recordEnd, true))
  }

  /** Whether a sum comes near the end of 64 bits. */
  get isNearEnd(): boolean {
    return this.#cells().getBigUint64(CELL.largest, true) >> 62n > 0n
  }

  /** Whether it takes no more keys. */
  get isFull(): boolean {
    const cells = this.#cells()
    return (
      cells.getInt32(CELL.recordsLeft, true) <= 0 && cells.getUint32(CELL.slotMask, true) + 1 >= MOST_SLOTS
    )
  }

  /** All groups; when the last one was asked for the table is empty. */
  *drain(
    sources: readonly Source[],
    unit: number,
    keyOf: (transfer: Transfer) => GroupKey,
    hasBytesIn: (program: number) => boolean,
  ): Generator<Group> {
    const cells = this.#cells()
    const bytes = new Uint8Array(this.#memory.buffer)
    for (const at of this.#addresses(false)) {
      const key = keyOf(readTransfer(cells, bytes, at, sources, unit))
      yield readGroup(cells, at, key, hasBytesIn(cells.getUint16(at + RECORD.lengths, true)))
    }
    this.#begin()
  }

  /** Addresses of the records of whose numbers of %lc were met. */
  owners(): Iterable<number> {
    return this.#addresses(true)
  }

  *#addresses(owners: boolean): Generator<number> {
    const cells = this.#cells()
    const last = this.#parts.at(-1) as { to: number }
    last.to = cells.getUint32(CELL.recordEnd, true)
    for (const { from, to } of this.#parts) {
      for (let at = from; at < to; at += cells.getUint32(at + RECORD.size, true))
        if ((cells.getUint16(at + RECORD.lengths, true) === OWNER.program) === owners) yield at
    }
  }

  #cells(): DataView {
    return new DataView(this.#memory.buffer)
  }

  #begin(): void {
    this.#parts = []
    this.#newSlots(RECORDS, FIRST_SLOTS)
    this.#cells().setBigUint64(CELL.largest, 0n, true)
    this.#extend(this.#cells().getUint32(CELL.recordEnd, true))
  }

  #newSlots(at: number, count: number): void {
    const from = align(at)
    const to = from + count * SLOT
    this.#extend(to)
    new Uint8Array(this.#memory.buffer).fill(0, from, to)
    const cells = this.#cells()
    cells.setUint32(CELL.slots, from, true)
    cells.setUint32(CELL.slotMask, count - 1, true)
    cells.setUint32(CELL.recordsLeft, count / 2, true)
    cells.setUint32(CELL.recordEnd, to, true)
    this.#parts.push({ from: to, to })
  }

  #extend(end: number): void {
    const missing = end + 3 * LARGEST_RECORD - this.#memory.buffer.byteLength
    // A quarter more at least: growing moves nothing, but each step is a call into the system.
    if (missing > 0)
      this.#memory.grow(Math.ceil(Math.max(missing, this.#memory.buffer.byteLength / 4) / PAGE))
    this.#cells().setUint32(CELL.recordLimit, this.#memory.buffer.byteLength - 2 * LARGEST_RECORD, true)
  }

  #rehash(end: number): void {
    const last = this.#parts.at(-1) as { to: number }
    last.to = end
    const old = [...this.#parts]
    this.#newSlots(end, (this.#cells().getUint32(CELL.slotMask, true) + 1) * 4)
    const cells = this.#cells()
    const [slots, mask] = [cells.getUint32(CELL.slots, true), cells.getUint32(CELL.slotMask, true)]
    let count = 0
    for (const { from, to } of old) {
      for (let at = from; at < to; at += cells.getUint32(at + RECORD.size, true)) {
        const hash = cells.getUint32(at + RECORD.hash, true)
        let slot = (hash & mask) >>> 0
        while (cells.getUint32(slots + slot * SLOT, true) !== 0) slot = ((slot + 1) & mask) >>> 0
        cells.setUint32(slots + slot * SLOT, at, true)
        cells.setUint32(slots + slot * SLOT + 4, hash, true)
        count++
      }
    }
    cells.setUint32(CELL.recordsLeft, (mask + 1) / 2 - count, true)
  }
}

/** As much of a transfer as its keys tell. */
function readTransfer(
  cells: DataView,
  bytes: Uint8Array,
  record: number,
  sources: readonly Source[],
  unit: number,
): Transfer {
  const transfer: Record<string, unknown> = { partial: false }
  let at = record + RECORD.keys
  for (const [number, source] of sources.entries()) {
    const length = cells.getUint16(record + RECORD.lengths + 2 * (number + 1), true)
    if (source === 'time') transfer.instant = Number(cells.getBigInt64(at, true)) * unit
    else if (length > 0)
      transfer[source] =
        source === 'status' ? readInteger(bytes, at, at + length)?.value : latin1(bytes, at, at + length)
    at += Math.max(16, (length + 15) & ~15)
  }
  return transfer as unknown as Transfer
}

function readGroup(cells: DataView, at: number, key: GroupKey, hasBytesIn: boolean): Group {
  const sum = (offset: number): bigint => cells.getBigUint64(at + offset, true)
  const requests = Number(sum(RECORD.requests))
  return {
    key,
    requests,
    bytesOut: sum(RECORD.bytesOut),
    bytesIn: sum(RECORD.bytesIn),
    withoutBytesIn: hasBytesIn ? 0 : requests,
    aborted: { requests: Number(sum(RECORD.abortedRequests)), bytesOut: sum(RECORD.abortedOut) },
    partial: { requests: Number(sum(RECORD.partialRequests)), bytesOut: sum(RECORD.partialOut) },
  }
}
