import type { Image } from '../image/image.ts'

/**
 * How much of tables a command may go through, in extents. A sound file has no more of them than clusters, and a cluster
 * has 512 bytes at least; but in an image of a few MiB every L1 entry can point to one L2 table, and every snapshot to
 * one L1 table, which makes 10^15.
 */
export class Work {
  #left: number

  constructor(extents: number) {
    this.#left = extents
  }

  /** What a hundred disks would take that share all of a file of the smallest clusters, and a million on top. */
  static forImage(image: Image): Work {
    return new Work(2 ** 20 + image.fileSize / 4)
  }

  /** False if there is not enough left; then nothing is taken. */
  take(extents: number): boolean {
    if (extents > this.#left) return false
    this.#left -= extents
    return true
  }

  /** Takes what is left at most: for work that is known once it is done. */
  spend(extents: number): void {
    this.#left = Math.max(0, this.#left - extents)
  }
}

/** Going through entries that are all alike is cheap beside what extents cost. */
const ENTRIES_PER_EXTENT = 16

/** What looking at table entries costs, in extents. */
export function entriesCost(entries: number): number {
  return Math.ceil(entries / ENTRIES_PER_EXTENT)
}
