import type { BlockSource } from '../source/index.ts'
import type { FindingCollector } from './finding-collector.ts'

/** Milliseconds after which signals, timers and the abort of a caller get their turn. */
const TURN = 60

/**
 * Bytes of nothing but zeros that are read before the check gives up, beside four times those that held something. A
 * sparse file of a few MiB can claim tables of 2^40 bytes; a whole table of zeros in a sound image is rare.
 */
const ZEROS_ALLOWED = 2 ** 31

/** Why the check stopped before its end. */
export class TooMuchWork extends Error {
  override readonly name = 'TooMuchWork'
}

/** Reads tables. What can't be read becomes a finding, and zeros. */
export class MetadataReader {
  readonly #source: BlockSource
  readonly #findings: FindingCollector
  readonly #signal: AbortSignal | undefined
  #turn = Date.now()
  #calls = 0
  #zeros = 0
  /** Bytes that were read. */
  bytesRead = 0
  /** Ranges that could not be read. */
  errors = 0

  constructor(source: BlockSource, findings: FindingCollector, signal?: AbortSignal) {
    this.#source = source
    this.#findings = findings
    this.#signal = signal
  }

  /**
   * Fills the target; beyond the end of the source, and where it fails, with zeros.
   *
   * @returns true where it did not fail
   */
  fill(target: Uint8Array, offset: number): boolean | Promise<boolean> {
    let pending: number | Promise<number>
    try {
      pending = this.#source.read(target, offset)
    } catch (error) {
      return this.#failed(target, offset, error)
    }
    if (typeof pending !== 'number') return this.#finishLater(pending, target, offset)
    return this.#finish(pending, target, offset)
  }

  /** To be called between tables. Throws the reason of the signal. */
  breathe(): void | Promise<void> {
    // Date.now() costs as much as a small table.
    if ((++this.#calls & 15) !== 0) return
    this.#signal?.throwIfAborted()
    if (Date.now() - this.#turn < TURN) return
    return new Promise((resolve, reject) =>
      setImmediate(() => {
        this.#turn = Date.now()
        if (this.#signal?.aborted) reject(this.#signal.reason)
        else resolve()
      }),
    )
  }

  /** Throws TooMuchWork if the zeros read so far are out of proportion. */
  sawZeros(bytes: number): void {
    this.#zeros += bytes
    if (this.#zeros > ZEROS_ALLOWED + 4 * (this.bytesRead - this.#zeros))
      throw new TooMuchWork('tables of nothing but zeros, more than a sound image has')
  }

  async #finishLater(pending: Promise<number>, target: Uint8Array, offset: number): Promise<boolean> {
    try {
      return await this.#finish(await pending, target, offset)
    } catch (error) {
      return this.#failed(target, offset, error)
    }
  }

  #finish(count: number, target: Uint8Array, offset: number): boolean | Promise<boolean> {
    this.bytesRead += count
    if (count >= target.length) return true
    // Sources may answer with less than there is.
    if (count > 0 && offset + count < this.#source.size)
      return this.fill(target.subarray(count), offset + count)
    target.fill(0, Math.max(0, count))
    return true
  }

  #failed(target: Uint8Array, offset: number, error: unknown): boolean {
    target.fill(0)
    this.errors++
    const why = error instanceof Error ? error.message : String(error)
    this.#findings.add('read-error', offset, target.length, { why })
    return false
  }
}
