import type { EntryRules, Kernel } from '../kernel/kernel.ts'
import { PlainKernel } from '../kernel/plain-kernel.ts'
import type { Cells } from './cell.ts'
import { type CellBits, cellBytes, FlatCells, widen } from './flat-cells.ts'
import { HashedCells } from './hashed-cells.ts'

/** Clusters up to which counters lie side by side from the start; beyond, once there are enough references. */
const FLAT_AT_ONCE = 2 ** 26

/** About what an entry of a Map costs, bytes; a key of the hashed counters with its cell. */
const MAP_ENTRY = 40
const HASHED_ENTRY = 16

export interface CellStoreOptions {
  /** Bytes for tables. */
  readonly ioBytes: number
  /** Owners that a cluster can have in a sound image: L1 tables. */
  readonly sharers: number
  /** For tests: bits to start with. */
  readonly bits?: CellBits
}

/** The counters of an image, in the form that suits what was counted so far, and the loops over them. */
export class CellStore {
  readonly #rules: EntryRules
  readonly #io: Uint8Array
  readonly clusters: number
  kernel: Kernel

  constructor(rules: EntryRules, { ioBytes, sharers, bits = bitsFor(sharers) }: CellStoreOptions) {
    this.#rules = rules
    this.#io = new Uint8Array(ioBytes)
    // A compressed cluster may end in the one after the last.
    this.clusters = rules.clusters + 1
    const cells = this.clusters <= FLAT_AT_ONCE ? this.#flat(bits) : new HashedCells(this.clusters)
    this.kernel = new PlainKernel(rules, cells, this.#io)
  }

  get cells(): Cells {
    return this.kernel.cells
  }

  /** To be called between tables: takes more bits where counts overflow so often that a map costs more. */
  settle(): void {
    const { cells } = this
    if (cells instanceof FlatCells) {
      const wider = cells.bits === 2 ? 8 : cells.bits === 8 ? 16 : 32
      if (cells.bits === 32) return
      const cost = cellBytes(this.clusters, wider) - cells.bytes.length
      if (cells.overflow.size * MAP_ENTRY > cost) this.widenTo(wider)
    } else if (cells instanceof HashedCells && cells.used * HASHED_ENTRY > cellBytes(this.clusters, 8))
      this.widenTo(8)
  }

  widenTo(bits: CellBits): void {
    const before = this.cells
    const after = this.#flat(bits)
    widen(before, after)
    const { allocated, fragmented, compressed, used, following, use } = this.kernel
    this.kernel = new PlainKernel(this.#rules, after, this.#io)
    Object.assign(this.kernel, { allocated, fragmented, compressed, used, following })
    Object.assign(this.kernel.use, use)
  }

  #flat(bits: CellBits): FlatCells {
    return new FlatCells(this.clusters, bits, new Uint8Array(cellBytes(this.clusters, bits)))
  }
}

const bitsFor = (sharers: number): CellBits => (sharers < 14 ? 8 : sharers < 4000 ? 16 : 32)
