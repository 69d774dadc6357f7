/** The active disk's; its COPIED flag. */
export const REF_ACTIVE = 1
export const REF_COPIED = 2

/**
 * References to L2 tables: one for each L1 index and L2 table, however many L1 tables hold it. Side by side in typed
 * arrays, as there can be millions.
 */
export class L2References {
  #capacity = 256
  count = 0
  l1Index = new Uint32Array(this.#capacity)
  /** Where the L2 table is. */
  cluster = new Uint32Array(this.#capacity)
  /** L1 tables that hold it. */
  weight = new Float64Array(this.#capacity)
  flags = new Uint8Array(this.#capacity)
  /** The L1 root that it was met in first. */
  root = new Uint32Array(this.#capacity)
  /** The next one of the same L1 index; -1 at the end. */
  next = new Int32Array(this.#capacity)
  readonly #heads: Int32Array

  /** @param indexes entries of the largest L1 table */
  constructor(indexes: number) {
    this.#heads = new Int32Array(indexes).fill(-1)
  }

  /** Length of the largest L1 table, entries. */
  get indexes(): number {
    return this.#heads.length
  }

  /** The first reference of an L1 index; -1 where there is none. */
  head(index: number): number {
    return this.#heads[index] as number
  }

  /** @returns steps it took: hostile L1 tables make long lists */
  add(index: number, cluster: number, weight: number, flags: number, root: number): number {
    let steps = 1
    let last = -1
    for (let at = this.#heads[index] as number; at >= 0; at = this.next[at] as number, steps++) {
      if (this.cluster[at] === cluster) {
        this.weight[at] = (this.weight[at] as number) + weight
        this.flags[at] = (this.flags[at] as number) | flags
        return steps
      }
      last = at
    }
    if (this.count === this.#capacity) this.#grow()
    const at = this.count++
    this.l1Index[at] = index
    this.cluster[at] = cluster
    this.weight[at] = weight
    this.flags[at] = flags
    this.root[at] = root
    this.next[at] = -1
    if (last < 0) this.#heads[index] = at
    else this.next[last] = at
    return steps
  }

  #grow(): void {
    const grown = <T extends Uint8Array | Uint32Array | Int32Array | Float64Array>(
      array: T,
      larger: T,
    ): T => {
      larger.set(array)
      return larger
    }
    this.#capacity *= 2
    const size = this.#capacity
    this.l1Index = grown(this.l1Index, new Uint32Array(size))
    this.cluster = grown(this.cluster, new Uint32Array(size))
    this.weight = grown(this.weight, new Float64Array(size))
    this.flags = grown(this.flags, new Uint8Array(size))
    this.root = grown(this.root, new Uint32Array(size))
    this.next = grown(this.next, new Int32Array(size))
  }
}
