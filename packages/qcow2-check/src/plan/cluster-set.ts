import type { ClusterRange } from '../check/survey.ts'

/** Clusters of a page: 8 KiB of bits, made when the first of them comes in. */
const PAGE = 65536

/** A set of cluster numbers, one bit each where there are any: sparse files can be longer than memory. */
export class ClusterSet {
  readonly #pages = new Map<number, Uint8Array>()
  #size = 0

  get size(): number {
    return this.#size
  }

  has(cluster: number): boolean {
    if (this.#size === 0) return false
    const page = this.#pages.get(Math.floor(cluster / PAGE))
    const within = cluster % PAGE
    return page !== undefined && ((page[within >>> 3] as number) & (1 << (within & 7))) !== 0
  }

  /** @returns true if it was not in yet */
  add(cluster: number): boolean {
    const number = Math.floor(cluster / PAGE)
    let page = this.#pages.get(number)
    if (page === undefined) {
      page = new Uint8Array(PAGE / 8)
      this.#pages.set(number, page)
    }
    const within = cluster % PAGE
    const bits = page[within >>> 3] as number
    const bit = 1 << (within & 7)
    if ((bits & bit) !== 0) return false
    page[within >>> 3] = bits | bit
    this.#size++
    return true
  }

  delete(cluster: number): void {
    const page = this.#pages.get(Math.floor(cluster / PAGE))
    const within = cluster % PAGE
    if (page === undefined || !this.has(cluster)) return
    page[within >>> 3] = (page[within >>> 3] as number) & ~(1 << (within & 7))
    this.#size--
  }

  addRange({ first, count }: ClusterRange): void {
    const end = first + count
    for (let cluster = first; cluster < end; ) {
      this.add(cluster)
      // Eight at once: holes have millions of them.
      const page = this.#pages.get(Math.floor(cluster / PAGE)) as Uint8Array
      let at = (++cluster % PAGE) >>> 3
      if ((cluster & 7) !== 0 || at === 0) continue
      for (; cluster + 8 <= end && at < page.length && page[at] === 0; at++, cluster += 8) {
        page[at] = 0xff
        this.#size += 8
      }
    }
  }

  /** Neighbours joined, ascending. */
  *ranges(): Generator<ClusterRange> {
    let first = -1
    let end = -1
    for (const cluster of this) {
      if (cluster !== end) {
        if (first >= 0) yield { first, count: end - first }
        first = cluster
      }
      end = cluster + 1
    }
    if (first >= 0) yield { first, count: end - first }
  }

  /** Ascending. */
  *[Symbol.iterator](): Generator<number> {
    for (const number of [...this.#pages.keys()].sort((a, b) => a - b)) {
      const page = this.#pages.get(number) as Uint8Array
      for (let byte = 0; byte < page.length; byte++) {
        if (page[byte] === 0) continue
        for (let bit = 0; bit < 8; bit++)
          if (((page[byte] as number) & (1 << bit)) !== 0) yield number * PAGE + byte * 8 + bit
      }
    }
  }
}
