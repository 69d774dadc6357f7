import { expect, it } from 'vitest'
import { findHeaders } from '../../src/recover/index.ts'
import type { BlockSource } from '../../src/source/index.ts'
import { noise } from '../support/noise.ts'

const M = 2 ** 20
const G = 2 ** 30

/** A raw disk without a hole: some operator gives it to every tool. */
class DenseDisk implements BlockSource {
  readonly name = 'dense'
  readonly size: number
  readonly #data = noise('dense', 2 * M)
  bytesRead = 0

  constructor(size: number) {
    this.size = size
  }

  read(target: Uint8Array, offset: number): number {
    const count = Math.max(0, Math.min(target.length, this.size - offset))
    for (let done = 0; done < count; ) {
      // No two mebibytes alike, nor any boundary where one would expect it.
      const from = (offset + done + Math.floor((offset + done) / M) * 4099) % M
      const part = this.#data.subarray(from, Math.min(from + count - done, 2 * M))
      target.set(part, done)
      done += part.length
    }
    this.bytesRead += count
    return count
  }
}

it.each([
  ['where only a proven header counts, as plan and repair search', 10 * G, true, 1.1 * G],
  ['for a rescue, which takes one that is not proven', G, false, 1.2 * G],
])(
  'a raw disk full of data is no image, and a search says so after a part of it: %s',
  async (_, size, onlyProven, most) => {
    const disk = new DenseDisk(size)
    expect(await findHeaders(disk, { onlyProven })).toEqual([])
    expect(disk.bytesRead).toBeLessThan(most)
  },
)
