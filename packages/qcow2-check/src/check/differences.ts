import type { ClusterRange } from './survey.ts'

/** Runs that are kept; a hostile image of a few MiB with refcounts of one bit can have more. */
const MOST_RUNS = 2 ** 22

/** Clusters whose refcount is not the number of references, as runs with the same refcount; ascending. */
export class Differences {
  #capacity = 64
  #first = new Uint32Array(this.#capacity)
  #count = new Uint32Array(this.#capacity)
  #stored = new Float64Array(this.#capacity)
  runs = 0
  /** Runs that did not fit. */
  lost = 0

  /** Clusters must come in ascending order. */
  add(cluster: number, stored: number): void {
    const last = this.runs - 1
    if (
      last >= 0 &&
      (this.#first[last] as number) + (this.#count[last] as number) === cluster &&
      this.#stored[last] === stored
    ) {
      this.#count[last] = (this.#count[last] as number) + 1
      return
    }
    if (this.runs === MOST_RUNS) {
      this.lost++
      return
    }
    if (this.runs === this.#capacity) this.#grow()
    this.#first[this.runs] = cluster
    this.#count[this.runs] = 1
    this.#stored[this.runs++] = stored
  }

  /** The refcount of a cluster that differs, undefined of others. */
  storedOf(cluster: number): number | undefined {
    let low = 0
    let high = this.runs
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#first[middle] as number) + (this.#count[middle] as number) <= cluster) low = middle + 1
      else high = middle
    }
    return low < this.runs && (this.#first[low] as number) <= cluster ? this.#stored[low] : undefined
  }

  *[Symbol.iterator](): Generator<ClusterRange & { readonly stored: number }> {
    for (let run = 0; run < this.runs; run++)
      yield {
        first: this.#first[run] as number,
        count: this.#count[run] as number,
        stored: this.#stored[run] as number,
      }
  }

  #grow(): void {
    this.#capacity *= 2
    const [first, count, stored] = [this.#first, this.#count, this.#stored]
    this.#first = new Uint32Array(this.#capacity)
    this.#count = new Uint32Array(this.#capacity)
    this.#stored = new Float64Array(this.#capacity)
    this.#first.set(first)
    this.#count.set(count)
    this.#stored.set(stored)
  }
}
