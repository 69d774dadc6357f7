import type { ClusterRange } from './survey.ts'

/** Runs beyond which an array with all clusters takes less; and the clusters for which there can be one. */
const MOST_RUNS = 2 ** 20
const MOST_DENSE = 2 ** 26

/** Clusters whose refcount is not the number of references, as runs with the same refcount; ascending. */
export class Differences {
  #capacity = 64
  #first = new Uint32Array(this.#capacity)
  #count = new Uint32Array(this.#capacity)
  #stored = new Float64Array(this.#capacity)
  /** The run that was asked for last. */
  #recent = 0
  runs = 0
  /** Clusters that did not fit: a file of more than 2^26 clusters with a million different faults. */
  lost = 0
  readonly #clusters: number
  /** By cluster the refcount + 1, up to 2^32-1; 0 where there is no difference. */
  #dense: Uint32Array | undefined

  constructor(clusters: number) {
    this.#clusters = clusters
  }

  /** Clusters must come in ascending order. */
  add(cluster: number, stored: number): void {
    if (this.#dense) {
      this.#dense[cluster] = Math.min(stored, 2 ** 32 - 2) + 1
      return
    }
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
      if (this.#clusters <= MOST_DENSE) {
        this.#toDense()
        this.add(cluster, stored)
      } else this.lost++
      return
    }
    if (this.runs === this.#capacity) this.#grow()
    this.#first[this.runs] = cluster
    this.#count[this.runs] = 1
    this.#stored[this.runs++] = stored
  }

  /** The refcount of a cluster that differs, undefined of others. */
  storedOf(cluster: number): number | undefined {
    if (this.#dense) {
      const value = this.#dense[cluster]
      return value ? value - 1 : undefined
    }
    // Tables are mostly in the order of the file.
    const recent = cluster - (this.#first[this.#recent] ?? 0)
    if (recent >= 0 && recent < (this.#count[this.#recent] ?? 0)) return this.#stored[this.#recent]
    const run = this.#runFrom(cluster)
    if (run >= this.runs || (this.#first[run] as number) > cluster) return undefined
    this.#recent = run
    return this.#stored[run]
  }

  /** The first cluster from this one on that differs; `end` where there is none before it. */
  next(cluster: number, end: number): number {
    if (this.#dense) {
      for (let at = cluster; at < Math.min(end, this.#dense.length); at++)
        if (this.#dense[at] !== 0) return at
      return end
    }
    const run = this.#runFrom(cluster)
    return run >= this.runs ? end : Math.min(end, Math.max(cluster, this.#first[run] as number))
  }

  /** The first run that ends behind a cluster. */
  #runFrom(cluster: number): number {
    let low = 0
    let high = this.runs
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#first[middle] as number) + (this.#count[middle] as number) <= cluster) low = middle + 1
      else high = middle
    }
    return low
  }

  *[Symbol.iterator](): Generator<ClusterRange & { readonly stored: number }> {
    if (this.#dense) {
      yield* denseRuns(this.#dense)
      return
    }
    for (let run = 0; run < this.runs; run++)
      yield {
        first: this.#first[run] as number,
        count: this.#count[run] as number,
        stored: this.#stored[run] as number,
      }
  }

  #toDense(): void {
    const dense = new Uint32Array(this.#clusters)
    for (const { first, count, stored } of this)
      dense.fill(Math.min(stored, 2 ** 32 - 2) + 1, first, first + count)
    this.#dense = dense
    this.#first = this.#count = new Uint32Array(0)
    this.#stored = new Float64Array(0)
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

function* denseRuns(dense: Uint32Array): Generator<ClusterRange & { readonly stored: number }> {
  for (let first = 0; first < dense.length; ) {
    const value = dense[first] as number
    let end = first + 1
    while (end < dense.length && dense[end] === value) end++
    if (value !== 0) yield { first, count: end - first, stored: value - 1 }
    first = end
  }
}
