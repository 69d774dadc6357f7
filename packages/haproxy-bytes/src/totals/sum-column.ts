const BLOCK_BITS = 14
const BLOCK = 1 << BLOCK_BITS

/** What a column is made of: to be handed to another thread. */
export interface ColumnParts {
  readonly blocks: (Float64Array | undefined)[]
  readonly beyond: Map<number, bigint>
}

/** A sum a row, exact at any size. A stretch of rows in which all are 0 takes no memory. */
export class SumColumn {
  readonly #blocks: (Float64Array | undefined)[]
  /** What didn't fit: doubles are exact up to 2^53. */
  readonly #beyond: Map<number, bigint>

  constructor({ blocks, beyond }: ColumnParts = { blocks: [], beyond: new Map() }) {
    this.#blocks = blocks
    this.#beyond = beyond
  }

  get parts(): ColumnParts {
    return { blocks: this.#blocks, beyond: this.#beyond }
  }

  add(row: number, value: number | bigint): void {
    const more = Number(value)
    if (more === 0) return
    const block = this.#block(row >>> BLOCK_BITS)
    const at = row & (BLOCK - 1)
    const sum = (block[at] as number) + more
    if (sum <= Number.MAX_SAFE_INTEGER) block[at] = sum
    else this.#beyond.set(row, (this.#beyond.get(row) ?? 0n) + BigInt(value))
  }

  /** Adds what another column has in a row. */
  addFrom(row: number, other: SumColumn, from: number): void {
    this.add(row, other.#within(from))
    this.add(row, other.#beyond.get(from) ?? 0)
  }

  total(): bigint {
    let total = 0n
    for (const block of this.#blocks) total += totalOf(block ?? [])
    for (const sum of this.#beyond.values()) total += sum
    return total
  }

  get(row: number): bigint {
    return BigInt(this.#within(row)) + (this.#beyond.get(row) ?? 0n)
  }

  /** As sort wants it, the smaller one first. */
  compare(a: number, b: number): number {
    return this.#beyond.size === 0 ? this.#within(a) - this.#within(b) : Number(this.get(a) - this.get(b))
  }

  #within(row: number): number {
    return this.#blocks[row >>> BLOCK_BITS]?.[row & (BLOCK - 1)] ?? 0
  }

  #block(number: number): Float64Array {
    const block = this.#blocks[number] ?? new Float64Array(BLOCK)
    this.#blocks[number] = block
    return block
  }
}

/** Doubles are added as such as long as that is exact: as integers each took fifty times as long. */
function totalOf(sums: Iterable<number>): bigint {
  let [total, part] = [0n, 0]
  for (const sum of sums) {
    if (part + sum <= Number.MAX_SAFE_INTEGER) part += sum
    else {
      total += BigInt(part)
      part = sum
    }
  }
  return total + BigInt(part)
}
