import type { FlatCells } from '../counters/flat-cells.ts'
import type { EntryRules } from './kernel.ts'
import { PlainKernel } from './plain-kernel.ts'
import { type CompareExports, type KernelRoom, LOG_AT, LOG_ROOM, type WalkExports } from './room.ts'

/** What stands for a cluster that can't follow any. */
const NOWHERE = 2 ** 31 - 1

/** The loops in WebAssembly; what they don't do is done by JavaScript, in the same memory. */
export class WasmKernel extends PlainKernel {
  readonly #flat: FlatCells
  readonly #order: number
  readonly #walk: WalkExports
  readonly #compare: CompareExports
  readonly #results: Int32Array
  readonly #log: Int32Array
  readonly #base: number

  /** @param cells whose bytes lie in the room */
  constructor(rules: EntryRules, cells: FlatCells, room: KernelRoom, io: Uint8Array) {
    super(rules, cells, io)
    const { walk, compare, memory } = room
    this.#flat = cells
    this.#order = rules.refcountOrder
    this.#walk = walk
    this.#compare = compare
    this.#results = new Int32Array(memory, 0, 6)
    this.#log = new Int32Array(memory, LOG_AT, (LOG_ROOM + 64) * 2)
    this.#base = io.byteOffset
    walk.clusterBits.value = rules.clusterBits
    // With an external file no cluster is counted: every entry is looked at by JavaScript.
    walk.clusters.value = rules.externalData ? 0 : rules.clusters
    walk.within.value = (2 ** rules.clusterBits - 1) & ~(rules.zeroFlag ? 1 : 0)
    walk.extended.value = rules.extendedL2 ? 1 : 0
    for (const module of [walk, compare]) {
      module.cells.value = cells.bytes.byteOffset
      module.cellShift.value = Math.max(0, Math.log2(cells.bits) - 3)
      module.cellMask.value = cells.bits === 32 ? -1 : 2 ** cells.bits - 1
      module.full.value = cells.full
    }
    walk.log.value = LOG_AT
    walk.logRoom.value = LOG_ROOM
  }

  override walk(at: number, entries: number): number {
    const { weight, active, rows, stride } = this.use
    const size = this.entrySize
    const results = this.#results
    results[0] = Number.isInteger(this.following) ? Math.min(this.following, NOWHERE) : NOWHERE
    let done = 0
    for (;;) {
      done += this.#walk.walk(
        this.#base + at + done * size,
        entries - done,
        Math.min(weight, this.#flat.full),
        active ? 1 : 0,
        rows,
        stride,
      )
      if (active) {
        this.allocated += results[1] as number
        this.fragmented += results[2] as number
        this.compressed += results[3] as number
        this.following = results[0] as number
      }
      this.used += results[4] as number
      const logged = results[5] as number
      this.#settle(logged)
      if (done >= entries || logged < LOG_ROOM) return done
    }
  }

  /** References that did not fit into their counters. */
  #settle(logged: number): void {
    const { weight } = this.use
    const cells = this.#flat
    for (let at = 0; at < logged; at++) {
      const cluster = this.#log[at * 2] as number
      const before = this.#log[at * 2 + 1] as number
      if (cells.bits === 2) cells.addNarrowOverflow(cluster, before >> 8, weight, before & 255)
      else if (before < 0) cells.addOverflow(cluster, weight)
      else cells.overflow.set(cluster, before + weight)
    }
  }

  override compare(at: number, cluster: number, count: number, index: number): number {
    if (this.#order !== 4) return super.compare(at, cluster, count, index)
    const from = this.#base + at + index * 2
    return this.#flat.bits === 2
      ? this.#compare.compareNarrow(from, cluster, count)
      : this.#compare.compare(from, cluster, count)
  }
}
