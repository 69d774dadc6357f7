const PAGE_BITS = 14
const PAGE_ENTRIES = 1 << PAGE_BITS

/** Signed counts by cluster number; only the parts that are used take memory (4 bytes a cluster). */
export class PagedCounts {
  readonly #pages = new Map<number, Int32Array>()

  add(cluster: number, count: number): void {
    const page = Math.floor(cluster / PAGE_ENTRIES)
    let counts = this.#pages.get(page)
    if (counts === undefined) {
      counts = new Int32Array(PAGE_ENTRIES)
      this.#pages.set(page, counts)
    }
    counts[cluster % PAGE_ENTRIES] = (counts[cluster % PAGE_ENTRIES] as number) + count
  }

  get(cluster: number): number {
    return this.#pages.get(Math.floor(cluster / PAGE_ENTRIES))?.[cluster % PAGE_ENTRIES] ?? 0
  }

  /** False where all of these clusters count 0; true where one may not. */
  touches(first: number, count: number): boolean {
    for (let page = Math.floor(first / PAGE_ENTRIES); page * PAGE_ENTRIES < first + count; page++)
      if (this.#pages.has(page)) return true
    return false
  }

  clear(): void {
    this.#pages.clear()
  }
}
