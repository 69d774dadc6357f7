import type { BlockSource } from '../../src/source/index.ts'
import type { Healthy } from '../corpus/healthy.ts'

/** Numbers below a bound, the same in every run (mulberry32). */
export type Numbers = (below: number) => number

export function numbers(seed: number): Numbers {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** A healthy image that is mutated in place and put back; it counts what is read from it. */
export class Mutant implements BlockSource {
  readonly name = 'mutant'
  readonly #bytes: Buffer
  readonly #undo: { readonly at: number; readonly bytes: Buffer }[] = []
  #size: number
  reads = 0
  bytesRead = 0
  /** Bytes of the largest buffer that a reader came with. */
  largestRead = 0

  constructor(healthy: Healthy) {
    this.#bytes = Buffer.from(healthy.bytes)
    this.#size = this.#bytes.length
  }

  get size(): number {
    return this.#size
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#size)
  }

  read(target: Uint8Array, offset: number): number {
    this.reads++
    this.bytesRead += target.length
    this.largestRead = Math.max(this.largestRead, target.length)
    if (offset >= this.#size) return 0
    return this.#bytes.copy(target, 0, offset, Math.min(offset + target.length, this.#size))
  }

  /** Remembers what is at a place, which is to be written over. */
  take(at: number, length: number): Buffer {
    const place = this.#bytes.subarray(at, Math.min(at + length, this.#bytes.length))
    this.#undo.push({ at, bytes: Buffer.from(place) })
    return place
  }

  cut(size: number): void {
    this.#size = size
  }

  /** As healthy again, and nothing counted. */
  restore(): void {
    for (let last = this.#undo.pop(); last; last = this.#undo.pop()) last.bytes.copy(this.#bytes, last.at)
    this.#size = this.#bytes.length
    this.reads = 0
    this.bytesRead = 0
    this.largestRead = 0
  }
}
