import { readRange } from '../../image/read-range.ts'
import type { BlockSource } from '../../source/index.ts'
import type { Budget } from './budget.ts'
import type { ByteRange } from './candidate-ranges.ts'

/** One read of this size is about as fast from a disk and from NFS as several small ones. */
const CHUNK = 2 ** 20
/** Bytes that are asked for at once when holes are looked for; where there is not one, each CHUNK of them is asked for. */
const STRIDE = 64 * CHUNK
/** Bytes between two wanted clusters that are read along rather than skipped. */
const SMALL_GAP = 2 ** 15

export interface ReaderOptions {
  readonly signal?: AbortSignal
}

/** Reads clusters in the order of the file, many at a time, within a budget. */
export class ClusterReader {
  readonly #source: BlockSource
  readonly #clusterSize: number
  readonly #budget: Budget
  readonly #signal: AbortSignal | undefined

  constructor(source: BlockSource, clusterSize: number, budget: Budget, options: ReaderOptions = {}) {
    this.#source = source
    this.#clusterSize = clusterSize
    this.#budget = budget
    this.#signal = options.signal
  }

  /**
   * @returns what the source has of the range, zeros where it ends early or can't be read; undefined: the budget is used
   *   up
   * @throws the signal's reason
   */
  async range(offset: number, length: number): Promise<Uint8Array | undefined> {
    this.#signal?.throwIfAborted()
    if (this.isHole(offset, length)) return nothing(length)
    if (!this.#budget.take('bytes', length)) return undefined
    const { bytes } = await readRange(this.#source, offset, length)
    if (bytes.length === length) return bytes
    const padded = new Uint8Array(length)
    padded.set(bytes)
    return padded
  }

  /**
   * Visits clusters given by their offsets (bytes, ascending, multiples of the cluster size). The bytes are valid during
   * the visit only.
   *
   * @returns false: the budget ended before all were visited
   */
  async clusters(
    offsets: readonly number[],
    visit: (offset: number, bytes: Uint8Array, index: number) => void,
  ): Promise<boolean> {
    const size = this.#clusterSize
    for (let from = 0; from < offsets.length; ) {
      const start = offsets[from] as number
      let to = from + 1
      let end = start + size
      while (to < offsets.length) {
        const next = offsets[to] as number
        if (next > end + SMALL_GAP || next + size - start > CHUNK) break
        end = next + size
        to++
      }
      const bytes = await this.range(start, end - start)
      if (bytes === undefined) return false
      for (let index = from; index < to; index++) {
        const at = (offsets[index] as number) - start
        visit(start + at, bytes.subarray(at, at + size), index)
      }
      from = to
    }
    return true
  }

  /** Visits L2 tables, in the order of the file, as `clusters` does; their number is limited too. */
  async tables(
    offsets: readonly number[],
    visit: (offset: number, bytes: Uint8Array) => void,
  ): Promise<boolean> {
    if (!this.#budget.take('l2Tables', offsets.length)) return false
    return this.clusters(
      [...offsets].sort((a, b) => a - b),
      visit,
    )
  }

  /**
   * Visits ranges of the file in pieces of at most 1 MiB, each with up to `overlap` bytes of what follows it; holes, where
   * there can't be anything, are passed over.
   *
   * @param ranges bytes; ascending
   * @returns false: the budget ended before all were visited
   */
  async pieces(
    ranges: Iterable<ByteRange>,
    overlap: number,
    visit: (offset: number, bytes: Uint8Array, length: number) => void,
  ): Promise<boolean> {
    for (const range of ranges) {
      for (let done = 0; done < range.length; done += CHUNK) {
        const offset = range.offset + done
        const length = Math.min(CHUNK, range.length - done)
        if (this.isHole(offset, length + overlap)) continue
        const bytes = await this.range(offset, length + overlap)
        if (bytes === undefined) return false
        visit(offset, bytes, length)
      }
    }
    return true
  }

  /** The same ranges in pieces of whole clusters, and whether a piece is known to be nothing but zeros. */
  *byHoles(ranges: Iterable<ByteRange>): Generator<ByteRange & { readonly hole: boolean }> {
    for (const range of piecesOf(ranges, STRIDE))
      if (this.isHole(range.offset, range.length)) yield { ...range, hole: true }
      else
        for (const piece of piecesOf([range], Math.max(CHUNK, this.#clusterSize)))
          yield { ...piece, hole: this.isHole(piece.offset, piece.length) }
  }

  /** True where a range is known to be nothing but zeros. Asking starts a program: not for what is read sooner. */
  isHole(offset: number, length: number): boolean {
    return length >= CHUNK && this.#source.isHole?.(offset, length) === true
  }
}

function* piecesOf(ranges: Iterable<ByteRange>, most: number): Generator<ByteRange> {
  for (const { offset, length } of ranges)
    for (let done = 0; done < length; done += most)
      yield { offset: offset + done, length: Math.min(most, length - done) }
}

let zeros = new Uint8Array(0)

/** The same zeros every time: nobody writes to what was read. */
function nothing(length: number): Uint8Array {
  if (zeros.length < length) zeros = new Uint8Array(length)
  return zeros.subarray(0, length)
}
