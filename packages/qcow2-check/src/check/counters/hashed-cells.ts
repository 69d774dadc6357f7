import type { Cells } from './cell.ts'
import { cellBytes, FlatCells } from './flat-cells.ts'

const FIRST_SLOTS = 1024

/**
 * Counters of the clusters that are referenced, and of no others: an image that claims 2^31 clusters and holds a few
 * tables takes memory for what those tables say.
 */
export class HashedCells implements Cells {
  readonly clusters: number
  /** Cluster + 1; 0: free. */
  #keys = new Uint32Array(FIRST_SLOTS)
  #cells = slots(FIRST_SLOTS)
  #used = 0
  #sorted: Uint32Array | undefined

  constructor(clusters: number) {
    this.clusters = clusters
  }

  /** Clusters that are referenced. */
  get used(): number {
    return this.#used
  }

  add(cluster: number, weight: number, event: number): void {
    if (this.#used * 2 >= this.#keys.length) this.#grow()
    const slot = this.#slotOf(cluster)
    if (this.#keys[slot] === 0) {
      this.#keys[slot] = cluster + 1
      this.#used++
      this.#sorted = undefined
    }
    this.#cells.add(slot, weight, event)
  }

  count(cluster: number): number {
    return this.#cells.count(this.#slotOf(cluster))
  }

  flags(cluster: number): number {
    return this.#cells.flags(this.#slotOf(cluster))
  }

  nextUsed(from: number, end: number): number {
    const sorted = this.#sort()
    let low = 0
    let high = sorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((sorted[middle] as number) < from) low = middle + 1
      else high = middle
    }
    const found = sorted[low]
    return found === undefined || found >= end ? end : found
  }

  #sort(): Uint32Array {
    if (this.#sorted === undefined) {
      const sorted = new Uint32Array(this.#used)
      let at = 0
      for (const key of this.#keys) if (key !== 0) sorted[at++] = key - 1
      this.#sorted = sorted.sort()
    }
    return this.#sorted
  }

  #slotOf(cluster: number): number {
    const mask = this.#keys.length - 1
    // Fibonacci hashing: neighbours, of which tables are full, fall far apart.
    let slot = Math.imul(cluster, 0x9e37_79b1) >>> (Math.clz32(mask) & 31)
    while (this.#keys[slot] !== 0 && this.#keys[slot] !== cluster + 1) slot = (slot + 1) & mask
    return slot
  }

  #grow(): void {
    const keys = this.#keys
    const cells = this.#cells
    this.#keys = new Uint32Array(keys.length * 2)
    this.#cells = slots(keys.length * 2)
    for (let before = 0; before < keys.length; before++) {
      const key = keys[before] as number
      if (key === 0) continue
      const slot = this.#slotOf(key - 1)
      this.#keys[slot] = key
      this.#cells.add(slot, cells.count(before), cells.flags(before))
    }
  }
}

const slots = (count: number): FlatCells => new FlatCells(count, 32, new Uint8Array(cellBytes(count, 32)))
