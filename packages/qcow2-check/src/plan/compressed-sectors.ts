import type { Image } from '../image/image.ts'
import { type Inflate, loadInflate } from '../mapping/inflate.ts'
import { readPadded } from './read-padded.ts'

const SECTOR = 512
/** Bytes that are inflated at most: a few MiB of hostile entries could ask for terabytes. */
const MOST_INFLATED = 2 ** 30

/** Finds out how many sectors compressed clusters really have. */
export class SectorCounter {
  readonly #image: Image
  readonly #inflate: Inflate
  #room = MOST_INFLATED

  private constructor(image: Image, inflate: Inflate) {
    this.#image = image
    this.#inflate = inflate
  }

  static async of(image: Image): Promise<SectorCounter> {
    return new SectorCounter(image, await loadInflate(image.features.compression))
  }

  /**
   * With fewer than it has a cluster can't be inflated, with more the rest is ignored: so halving finds the number,
   * without a decoder that tells.
   *
   * @returns undefined if `sectors` don't do
   */
  async needed(host: number, sectors: number): Promise<number | undefined> {
    const within = host % SECTOR
    const bytes = await readPadded(this.#image.source, host, sectors * SECTOR - within)
    const does = (count: number) => this.#inflates(bytes.subarray(0, count * SECTOR - within))
    if (!does(sectors)) return undefined
    let enough = sectors
    let few = 0
    while (enough - few > 1) {
      const middle = Math.floor((few + enough) / 2)
      if (does(middle)) enough = middle
      else few = middle
    }
    return this.#room > 0 ? enough : undefined
  }

  #inflates(bytes: Uint8Array): boolean {
    const { clusterSize } = this.#image.geometry
    this.#room -= clusterSize
    return this.#room > 0 && this.#inflate(bytes, clusterSize) !== undefined
  }
}
