import { compressedExtent, getRefcount } from '../../format/index.ts'
import {
  type Cells,
  SEEN_COPIED,
  SEEN_PLAIN,
  USE_ALONE,
  USE_COMPRESSED,
  USE_CONFLICT,
  USE_MASK,
} from '../counters/cell.ts'
import type { EntryRules, Kernel, TableUse } from './kernel.ts'

/** The loops in JavaScript: for small images, and where there is no WebAssembly. walk.wat and compare.wat do the same. */
export class PlainKernel implements Kernel {
  readonly io: Uint8Array
  readonly cells: Cells
  readonly use: TableUse = { weight: 1, active: false, rows: 0, stride: 0 }
  following = 0
  allocated = 0
  fragmented = 0
  compressed = 0
  used = 0
  readonly #rules: EntryRules
  /** Bytes of an L2 entry. */
  protected readonly entrySize: number
  readonly #view: DataView
  readonly #words: Int32Array

  constructor(rules: EntryRules, cells: Cells, io: Uint8Array) {
    this.io = io
    this.cells = cells
    this.#rules = rules
    this.entrySize = rules.extendedL2 ? 16 : 8
    this.#view = new DataView(io.buffer, io.byteOffset, io.byteLength)
    this.#words = new Int32Array(io.buffer, io.byteOffset, io.byteLength >>> 2)
  }

  walk(at: number, entries: number): number {
    const { clusterBits, clusters, extendedL2, zeroFlag, externalData } = this.#rules
    const { weight, active } = this.use
    const view = this.#view
    const size = this.entrySize
    // Bits that an aligned offset hasn't, but for the zero flag.
    const within = ((2 ** clusterBits - 1) & ~(zeroFlag ? 1 : 0)) >>> 0
    const scale = 2 ** (32 - clusterBits)
    const words = this.#words
    for (let index = 0; index < entries; index++, at += size) {
      // Most of a small image's tables is empty: four entries at once.
      for (let word = at >>> 2; size === 8 && index + 4 <= entries; word += 8) {
        const any =
          (words[word] as number) |
          (words[word + 1] as number) |
          (words[word + 2] as number) |
          (words[word + 3] as number) |
          (words[word + 4] as number) |
          (words[word + 5] as number) |
          (words[word + 6] as number) |
          (words[word + 7] as number)
        if (any !== 0) break
        index += 4
        at += 32
      }
      if (index >= entries) break
      const high = view.getUint32(at)
      const low = view.getUint32(at + 4)
      if (extendedL2) {
        const allocated = view.getUint32(at + 12)
        const zero = view.getUint32(at + 8)
        if ((allocated & zero) !== 0) return index
        if (allocated !== 0 && (high & 0x40ff_ffff) === 0 && low === 0) return index
        if ((high & 0x4000_0000) !== 0 && (allocated | zero) !== 0) return index
      }
      if ((high | low) === 0) continue
      this.used++
      if ((high & 0x4000_0000) !== 0) {
        if ((high & 0x8000_0000) !== 0 || externalData) return index
        const { host, length } = compressedExtent(high, low, clusterBits)
        const last = Math.floor((host + length - 1) / 2 ** clusterBits)
        if (last >= clusters) return index
        const first = Math.floor(host / 2 ** clusterBits)
        for (let cluster = first; cluster <= last; cluster++) this.cells.add(cluster, weight, USE_COMPRESSED)
        if (active) {
          this.allocated++
          this.compressed++
          this.fragmented++
        }
        continue
      }
      if ((high & 0x3f00_0000) !== 0 || (low & within) !== 0) return index
      const copied = (high & 0x8000_0000) !== 0
      const cluster = (high & 0x00ff_ffff) * scale + (low >>> clusterBits)
      if (cluster === 0) {
        if (copied) return index
        continue
      }
      if (externalData || cluster >= clusters) return index
      const seen = active ? (copied ? SEEN_COPIED : SEEN_PLAIN) : 0
      this.cells.add(cluster, weight, this.seenInRows(at) ? seen : seen | USE_ALONE)
      if (active) {
        this.allocated++
        if (this.following !== 0 && cluster !== this.following) this.fragmented++
        this.following = cluster + 1
      }
    }
    return entries
  }

  seenInRows(at: number): boolean {
    const { rows, stride } = this.use
    if (rows === 0) return false
    const high = this.#view.getUint32(at)
    const low = this.#view.getUint32(at + 4)
    for (let row = 1; row <= rows; row++) {
      const other = at - row * stride
      const otherHigh = this.#view.getUint32(other)
      if (
        ((this.#view.getUint32(other + 4) ^ low) & ~511) === 0 &&
        ((otherHigh ^ high) & 0x00ff_ffff) === 0 &&
        (otherHigh & 0x4000_0000) === 0
      )
        return true
    }
    return false
  }

  compare(at: number, cluster: number, count: number, index: number): number {
    const { refcountOrder } = this.#rules
    const { cells } = this
    const block = at === 0 ? this.io : this.io.subarray(at)
    for (let done = 0; done < count; done++) {
      const place = index + done
      const stored =
        refcountOrder === 4 ? this.#view.getUint16(at + place * 2) : getRefcount(block, refcountOrder, place)
      const counted = cells.count(cluster + done)
      if (stored !== counted) return done
      if (counted === 0) continue
      const flags = cells.flags(cluster + done)
      if ((flags & USE_MASK) === USE_CONFLICT) return done
      if ((flags & (stored === 1 ? SEEN_PLAIN : SEEN_COPIED)) !== 0) return done
    }
    return count
  }
}
