import { type ColumnParts, SumColumn } from './sum-column.ts'
import type { Group, GroupKey, Sums } from './sums.ts'
import { type TextParts, TextRows } from './text-rows.ts'

/** Groups in an order; each is made when it is asked for. */
export interface Groups extends Iterable<Group> {
  readonly size: number
}

/** What a table is made of: to be handed to another thread. */
export interface TableParts {
  readonly keys: TextParts
  readonly columns: readonly ColumnParts[]
}

const COLUMNS: readonly ((sums: Sums) => number | bigint)[] = [
  ({ bytesOut }) => bytesOut,
  ({ requests }) => requests,
  ({ bytesIn }) => bytesIn,
  ({ withoutBytesIn }) => withoutBytesIn,
  ({ aborted }) => aborted.requests,
  ({ aborted }) => aborted.bytesOut,
  ({ partial }) => partial.requests,
  ({ partial }) => partial.bytesOut,
]

/** Sums by the values of columns. */
function sumsOf(columns: readonly SumColumn[], read: (column: SumColumn) => bigint): Sums {
  const [bytesOut, requests, bytesIn, withoutBytesIn, aborted, abortedOut, partial, partialOut] = columns.map(
    read,
  ) as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint]
  return {
    requests: Number(requests),
    bytesOut,
    bytesIn,
    withoutBytesIn: Number(withoutBytesIn),
    aborted: { requests: Number(aborted), bytesOut: abortedOut },
    partial: { requests: Number(partial), bytesOut: partialOut },
  }
}

/** Groups by key, in columns: a million of clients take 50 MB, as objects they would take twenty times as much. */
export class GroupTable implements Groups {
  /** As JSON. */
  readonly #keys: TextRows
  readonly #columns: readonly SumColumn[]

  constructor(parts?: TableParts) {
    this.#keys = new TextRows(parts?.keys)
    this.#columns = COLUMNS.map((_, number) => new SumColumn(parts?.columns[number]))
  }

  get parts(): TableParts {
    return { keys: this.#keys.parts, columns: this.#columns.map(({ parts }) => parts) }
  }

  /** Of the parts: who transfers them has no table any more. */
  get buffers(): ArrayBuffer[] {
    const { keys, columns } = this.parts
    const blocks = columns.flatMap((column) => column.blocks.filter((block) => block !== undefined))
    return [keys.bytes, ...[keys.ends, keys.slots, ...blocks].map(({ buffer }) => buffer as ArrayBuffer)]
  }

  get size(): number {
    return this.#keys.size
  }

  add(group: Group): void {
    const row = this.#keys.rowOf(JSON.stringify(group.key))
    for (let number = 0; number < COLUMNS.length; number++) {
      const of = COLUMNS[number] as (sums: Sums) => number | bigint
      this.#columns[number]?.add(row, of(group))
    }
  }

  merge(other: GroupTable): void {
    for (let from = 0; from < other.size; from++) {
      const row = this.#keys.rowFrom(other.#keys, from)
      for (let number = 0; number < COLUMNS.length; number++)
        this.#columns[number]?.addFrom(row, other.#columns[number] as SumColumn, from)
    }
  }

  /** All groups together. */
  total(): Sums {
    return sumsOf(this.#columns, (column) => column.total())
  }

  /** Those with the most bytes first; equal ones in the order of their keys, so that equal totals are equal documents. */
  sorted(): Groups {
    const [bytesOut] = this.#columns as [SumColumn]
    const order = new Uint32Array(this.size).map((_, row) => row)
    order.sort((a, b) => bytesOut.compare(b, a) || this.#keys.compare(a, b))
    return new GroupsInOrder(order, (row) => this.#group(row))
  }

  *[Symbol.iterator](): Generator<Group> {
    for (let row = 0; row < this.size; row++) yield this.#group(row)
  }

  #group(row: number): Group {
    const key = JSON.parse(this.#keys.text(row)) as GroupKey
    return { key, ...sumsOf(this.#columns, (column) => column.get(row)) }
  }
}

class GroupsInOrder implements Groups {
  readonly #order: Uint32Array
  readonly #group: (row: number) => Group

  constructor(order: Uint32Array, group: (row: number) => Group) {
    this.#order = order
    this.#group = group
  }

  get size(): number {
    return this.#order.length
  }

  *[Symbol.iterator](): Generator<Group> {
    for (const row of this.#order) yield this.#group(row)
  }
}
