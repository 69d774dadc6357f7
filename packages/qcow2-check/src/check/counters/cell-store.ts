import type { EntryRules, Kernel } from '../kernel/kernel.ts'
import { PlainKernel } from '../kernel/plain-kernel.ts'
import { type KernelRoom, startKernel } from '../kernel/room.ts'
import { WasmKernel } from '../kernel/wasm-kernel.ts'
import type { Cells } from './cell.ts'
import { type CellBits, cellBytes, FlatCells, widen } from './flat-cells.ts'
import { HashedCells } from './hashed-cells.ts'

/** Clusters up to which counters lie side by side from the start; beyond, once there are enough references. */
const FLAT_AT_ONCE = 2 ** 26
/** Clusters from which on starting WebAssembly (a millisecond) pays. */
const KERNEL_FROM = 2 ** 15

/** About what an entry of a Map costs, bytes; a key of the hashed counters with its cell. */
const MAP_ENTRY = 40
const HASHED_ENTRY = 16

/** Memory for tables that no survey uses: fresh memory for each of thousands of small images costs more than the check. */
const spare: Uint8Array<ArrayBuffer>[] = []
const MOST_SPARE = 4

export interface CellStoreOptions {
  /** Bytes for tables. */
  readonly ioBytes: number
  /** L1 tables: owners that a cluster can have in a sound image. */
  readonly sharers: number
  /** For tests: bits to start with, and whether WebAssembly is used. */
  readonly bits?: CellBits
  readonly kernel?: 'plain' | 'wasm'
}

/** The counters of an image, in the form that suits what was counted so far, and the loops over them. */
export class CellStore {
  readonly #rules: EntryRules
  readonly #room: KernelRoom | null
  readonly #views = new Map<number, Uint8Array>()
  readonly clusters: number
  kernel: Kernel

  constructor(rules: EntryRules, options: CellStoreOptions) {
    const { ioBytes, sharers } = options
    this.#rules = rules
    // A compressed cluster may end in the one after the last.
    this.clusters = rules.clusters + 1
    const flat = this.clusters <= FLAT_AT_ONCE
    const inKernel = options.kernel ? options.kernel === 'wasm' : flat && rules.clusters >= KERNEL_FROM
    const bits = options.bits ?? bitsFor(sharers, inKernel)
    const bytes = cellBytes(this.clusters, bits) + (bits === 2 ? cellBytes(this.clusters, 8) : 0)
    this.#room = inKernel ? startKernel(ioBytes, bytes) : null
    const io = this.#room
      ? new Uint8Array(this.#room.memory, this.#room.tables, ioBytes)
      : (takeSpare(ioBytes) ?? new Uint8Array(ioBytes))
    this.kernel = flat
      ? this.#flatKernel(bits, io)
      : new PlainKernel(rules, new HashedCells(this.clusters), io)
  }

  get cells(): Cells {
    return this.kernel.cells
  }

  /** The first bytes of the memory for tables; one view a length, as views are dear to make. */
  tables(length: number): Uint8Array {
    const known = this.#views.get(length)
    if (known) return known
    const view = this.kernel.io.subarray(0, length)
    this.#views.set(length, view)
    return view
  }

  /** To be called at the end: nothing may be read into the memory for tables any more. */
  release(): void {
    const { io } = this.kernel
    if (this.#room || spare.length >= MOST_SPARE || !(io.buffer instanceof ArrayBuffer)) return
    spare.push(io as Uint8Array<ArrayBuffer>)
    this.#views.clear()
  }

  /** To be called between tables: takes more bits where counts overflow so often that a map costs more. */
  settle(): void {
    const { cells } = this
    if (cells instanceof FlatCells) {
      if (cells.overflow.size === 0 || cells.bits === 32) return
      const wider = cells.bits === 2 ? 8 : cells.bits === 8 ? 16 : 32
      const cost = cellBytes(this.clusters, wider) - cells.bytes.length
      if (cells.overflow.size * MAP_ENTRY > cost) this.widenTo(wider)
    } else if (cells instanceof HashedCells && cells.used * HASHED_ENTRY > cellBytes(this.clusters, 8))
      this.widenTo(8)
  }

  /** Counters of 2 bits can't tell that clusters share. */
  get narrow(): boolean {
    return this.cells instanceof FlatCells && this.cells.bits === 2
  }

  /** What was read into the memory for tables stays. */
  widenTo(bits: CellBits): void {
    const { cells, io, allocated, fragmented, compressed, used, following, use } = this.kernel
    this.kernel = this.#flatKernel(bits, io)
    widen(cells, this.kernel.cells)
    Object.assign(this.kernel, { allocated, fragmented, compressed, used, following })
    Object.assign(this.kernel.use, use)
  }

  /** In the memory of WebAssembly there is room for the first counters, and behind those of 2 bits for some of 8. */
  #flatKernel(bits: CellBits, io: Uint8Array): Kernel {
    const room = this.#room
    const length = cellBytes(this.clusters, bits)
    const narrow = cellBytes(this.clusters, 2)
    const first = this.kernel === undefined
    const follows = !first && this.narrow && bits === 8
    if (room && (first || follows)) {
      const bytes = new Uint8Array(room.memory, room.counters + (first ? 0 : narrow), length)
      return new WasmKernel(this.#rules, new FlatCells(this.clusters, bits, bytes), room, io)
    }
    return new PlainKernel(this.#rules, new FlatCells(this.clusters, bits, new Uint8Array(length)), io)
  }
}

function bitsFor(sharers: number, inKernel: boolean): CellBits {
  if (sharers <= 1 && inKernel) return 2
  return sharers < 14 ? 8 : sharers < 4000 ? 16 : 32
}

function takeSpare(length: number): Uint8Array | undefined {
  const at = spare.findIndex((memory) => memory.length === length)
  return at < 0 ? undefined : spare.splice(at, 1)[0]
}
