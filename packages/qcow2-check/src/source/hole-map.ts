import { findHoles, type Hole } from '@nightshift/tooling/files'

/** Bytes; smaller holes are read as fast as they are asked for. */
const SMALLEST = 64 * 1024

/** The holes of an open file, found out when first asked for. */
export class HoleMap {
  readonly #fd: number
  #holes: readonly Hole[] | undefined

  constructor(fd: number) {
    this.#fd = fd
  }

  /** @param size of the file, bytes */
  covers(offset: number, length: number, size: number): boolean {
    this.#holes ??= findHoles(this.#fd, size, SMALLEST) ?? []
    let low = 0
    let high = this.#holes.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#holes[middle] as Hole).offset <= offset) low = middle + 1
      else high = middle
    }
    const hole = this.#holes[low - 1]
    return hole !== undefined && offset + length <= hole.offset + hole.length
  }

  /** The file was written to. */
  forget(): void {
    this.#holes = undefined
  }
}
