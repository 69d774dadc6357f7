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

  /** For one disk of an image, or all of them: what 64 disks that share nothing would take, and 10^8 on top. */
  static forImage(image: Image): Work {
    return new Work(2 ** 27 + image.fileSize * 8)
  }

  /** False if there is not enough left; then nothing is taken. */
  take(entries: number): boolean {
    if (entries > this.#left) return false
    this.#left -= entries
    return true
  }
}
