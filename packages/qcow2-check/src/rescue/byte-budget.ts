import type { Image } from '../image/image.ts'

/** Inflating a cluster of 512 bytes costs more than copying it: so many bytes beside its own. */
export const INFLATING = 4096

/**
 * How much data a rescue may bring forth. A sound disk has no more than its file, unless it is compressed; but one
 * cluster can be claimed for every place of a disk of exabytes, and a few bytes inflate to megabytes.
 */
export class ByteBudget {
  #left: number

  constructor(bytes: number) {
    this.#left = bytes
  }

  /** 1 GiB, and as much as all disks would have if they shared nothing, or were deflated to a 64th. */
  static forImage(image: Image, disks: number, backingSize = 0): ByteBudget {
    const stored = image.fileSize + (image.dataFile?.size ?? 0)
    return new ByteBudget(2 ** 30 + stored * (64 + disks) + backingSize * disks)
  }

  /** False if there is not enough left; then nothing is taken. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false
    this.#left -= bytes
    return true
  }
}
