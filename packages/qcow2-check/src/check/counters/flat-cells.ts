import { type Cells, FLAG_MASK, joinFlags, SEEN_PLAIN, USE_ALONE, USE_MASK } from './cell.ts'

/** Bits of a counter. */
export type CellBits = 2 | 8 | 16 | 32

/**
 * Counters side by side in memory. Those of 8 bits and more hold the flags in the lower 4 and the count above; a count
 * that does not fit is in a map. Those of 2 bits are for images without snapshots and compressed clusters, where nearly
 * every cluster has one reference: 0 none, 1 one, 2 one by the active disk without COPIED, 3 see the map.
 */
export class FlatCells implements Cells {
  readonly clusters: number
  readonly bits: CellBits
  readonly bytes: Uint8Array
  /** Largest count that fits, which stands for: see the map. */
  readonly full: number
  /** Counts that do not fit; with 2 bits the count times 16 and the flags. */
  readonly overflow: Map<number, number>
  readonly #view: DataView

  /** @param bytes cellBytes(clusters, bits), zeros */
  constructor(clusters: number, bits: CellBits, bytes: Uint8Array) {
    this.clusters = clusters
    this.bits = bits
    this.bytes = bytes
    this.full = bits === 2 ? 3 : 2 ** (bits - 4) - 1
    this.overflow = new Map()
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  add(cluster: number, weight: number, event: number): void {
    if (this.bits === 2) {
      this.#addNarrow(cluster, weight, event)
      return
    }
    const cell = this.#read(cluster)
    const before = cell >>> 4
    const flags = joinFlags(cell & FLAG_MASK, event)
    if (before === this.full) this.addOverflow(cluster, weight)
    else if (before + weight >= this.full) this.overflow.set(cluster, before + weight)
    this.#write(cluster, ((Math.min(this.full, before + weight) << 4) | flags) >>> 0)
  }

  addOverflow(cluster: number, count: number): void {
    this.overflow.set(cluster, (this.overflow.get(cluster) ?? 0) + count)
  }

  /** With 2 bits: a further reference to a cluster that stood at `before`. */
  addNarrowOverflow(cluster: number, before: number, weight: number, event: number): void {
    const known =
      before === 3 ? (this.overflow.get(cluster) ?? 0) : before === 0 ? 0 : 16 | narrowFlags(before)
    const count = Math.floor(known / 16) + weight
    this.overflow.set(cluster, count * 16 + joinFlags(known % 16, event))
  }

  #addNarrow(cluster: number, weight: number, event: number): void {
    const shift = (cluster & 3) << 1
    const at = cluster >>> 2
    const before = ((this.bytes[at] as number) >>> shift) & 3
    let after = 3
    if (before === 0 && weight === 1 && (event & USE_MASK) === USE_ALONE)
      after = (event & SEEN_PLAIN) === 0 ? 1 : 2
    else this.addNarrowOverflow(cluster, before, weight, event)
    this.bytes[at] = (this.bytes[at] as number) | (after << shift)
  }

  count(cluster: number): number {
    if (this.bits === 2) {
      const state = this.state(cluster)
      return state < 3 ? Math.min(1, state) : Math.floor((this.overflow.get(cluster) as number) / 16)
    }
    const count = this.#read(cluster) >>> 4
    return count === this.full ? (this.overflow.get(cluster) as number) : count
  }

  flags(cluster: number): number {
    if (this.bits !== 2) return this.#read(cluster) & FLAG_MASK
    const state = this.state(cluster)
    return state === 3 ? (this.overflow.get(cluster) as number) % 16 : narrowFlags(state)
  }

  /** The raw value of a counter of 2 bits. */
  state(cluster: number): number {
    return ((this.bytes[cluster >>> 2] as number) >>> ((cluster & 3) << 1)) & 3
  }

  nextUsed(from: number, end: number): number {
    const perByte = this.bits === 2 ? 4 : 1
    const bytesPer = this.bits === 2 ? 1 : this.bits / 8
    for (let cluster = from; cluster < end; ) {
      const at = this.bits === 2 ? cluster >>> 2 : cluster * bytesPer
      // Eight bytes at once over what is not used.
      if (cluster % (perByte * 8) === 0 && at + 8 <= this.bytes.length && this.#zero8(at)) {
        cluster += (8 / bytesPer) * perByte
        continue
      }
      if (this.count(cluster) > 0) return cluster
      cluster++
    }
    return end
  }

  #zero8(at: number): boolean {
    return this.#view.getUint32(at, true) === 0 && this.#view.getUint32(at + 4, true) === 0
  }

  #read(cluster: number): number {
    if (this.bits === 8) return this.bytes[cluster] as number
    return this.bits === 16
      ? this.#view.getUint16(cluster * 2, true)
      : this.#view.getUint32(cluster * 4, true)
  }

  #write(cluster: number, cell: number): void {
    if (this.bits === 8) this.bytes[cluster] = cell
    else if (this.bits === 16) this.#view.setUint16(cluster * 2, cell, true)
    else this.#view.setUint32(cluster * 4, cell, true)
  }
}

const narrowFlags = (state: number): number =>
  state === 0 ? 0 : state === 2 ? USE_ALONE | SEEN_PLAIN : USE_ALONE

/** Bytes of memory for counters; some more, so that the last can be read as a word. */
export function cellBytes(clusters: number, bits: CellBits): number {
  return Math.ceil((clusters * bits) / 64) * 8 + 8
}

/** Copies counters to others of more bits. */
export function widen(from: Cells, to: Cells): void {
  for (let c = from.nextUsed(0, from.clusters); c < from.clusters; c = from.nextUsed(c + 1, from.clusters))
    to.add(c, from.count(c), from.flags(c))
}
