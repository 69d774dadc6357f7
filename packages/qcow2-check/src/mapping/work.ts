import type { Image } from '../image/image.ts'

/**
 * How many table entries a command may look at. A sound table is reached once from each disk, so that entries are at
 * most the bytes of the file over 8, times the disks; an image of a few MiB can make every L1 entry point to one table
 * and claim 10^11 of them.
 */
export class Work {
  #left: number

  constructor(entries: number) {
    this.#left = entries
  }

  /** Four times what these disks would take if they shared nothing, and a million on top. */
  static forImage(image: Image, disks = 1): Work {
    return new Work(2 ** 20 + (image.fileSize / 2) * disks)
  }

  /** False if there is not enough left; then nothing is taken. */
  take(entries: number): boolean {
    if (entries > this.#left) return false
    this.#left -= entries
    return true
  }

  /** Takes what is left at most: for work that is known once it is done. */
  spend(entries: number): void {
    this.#left = Math.max(0, this.#left - entries)
  }
}
