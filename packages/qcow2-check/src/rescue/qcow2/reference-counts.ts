const PAGE = 1024
/** What does not fit a page's cells is in a map. */
const FULL = 0xffff

/** How often each cluster of the output is referenced; memory goes with the parts of the file that are in use. */
export class ReferenceCounts {
  readonly #pages = new Map<number, Uint16Array>()
  readonly #overflow = new Map<number, number>()
  #greatest = 0
  /** The page that was used last: neighbours follow one another. */
  #number = -1
  #page: Uint16Array | undefined

  /** The greatest there ever was. */
  get greatest(): number {
    return this.#greatest
  }

  get(cluster: number): number {
    const cell = this.#pageOf(Math.floor(cluster / PAGE))?.[cluster % PAGE] ?? 0
    return cell === FULL ? (this.#overflow.get(cluster) as number) : cell
  }

  add(cluster: number, references: number): void {
    const number = Math.floor(cluster / PAGE)
    let page = this.#pageOf(number)
    if (!page) {
      page = new Uint16Array(PAGE)
      this.#pages.set(number, page)
      this.#page = page
    }
    const cell = page[cluster % PAGE] as number
    const sum = (cell === FULL ? (this.#overflow.get(cluster) as number) : cell) + references
    if (sum >= FULL) this.#overflow.set(cluster, sum)
    page[cluster % PAGE] = Math.min(sum, FULL)
    if (sum > this.#greatest) this.#greatest = sum
  }

  /** Takes all references away: nothing needs this cluster. */
  clear(cluster: number): void {
    const page = this.#pages.get(Math.floor(cluster / PAGE))
    if (page) page[cluster % PAGE] = 0
    this.#overflow.delete(cluster)
  }

  #pageOf(number: number): Uint16Array | undefined {
    if (number !== this.#number) {
      this.#number = number
      this.#page = this.#pages.get(number)
    }
    return this.#page
  }

  /** Clusters with references, ascending. */
  *clusters(): Generator<number, void, undefined> {
    for (const number of [...this.#pages.keys()].sort((a, b) => a - b)) {
      const page = this.#pages.get(number) as Uint16Array
      for (let at = 0; at < PAGE; at++) if (page[at] !== 0) yield number * PAGE + at
    }
  }
}
