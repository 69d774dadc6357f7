import type { CellStore } from './counters/cell-store.ts'

/** Counts references to ranges of the file, which are what structures other than L2 entries have. */
export class ReferenceCounter {
  readonly #store: CellStore
  readonly #fileSize: number
  readonly #clusterSize: number

  constructor(store: CellStore, fileSize: number, clusterSize: number) {
    this.#store = store
    this.#fileSize = fileSize
    this.#clusterSize = clusterSize
  }

  /**
   * The last cluster of a file may be there in part, so a range may end beyond the file, by less than a cluster.
   *
   * @param offset and length: bytes
   * @returns false where it ends further beyond, and nothing was counted
   */
  count(offset: number, length: number, weight: number, event: number): boolean {
    if (length <= 0) return true
    if (offset + length - this.#fileSize >= this.#clusterSize) return false
    const last = Math.floor((offset + length - 1) / this.#clusterSize)
    for (let cluster = Math.floor(offset / this.#clusterSize); cluster <= last; cluster++)
      this.#store.cells.add(cluster, weight, event)
    return true
  }
}
