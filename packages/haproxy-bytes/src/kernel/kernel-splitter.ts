import { type LineConsumer, LineSplitter, LONGEST_LINE } from '../lines/index.ts'
import type { Reading } from '../transfer/index.ts'
import type { KernelTotals } from './kernel-totals.ts'
import { INPUT, INPUT_SIZE } from './layout.ts'

const LINE_FEED = 0x0a

/** Gets the lines that the kernel doesn't take, and says how they read. */
export interface HandedLines extends LineConsumer {
  line(bytes: Uint8Array, from: number, to: number, offset: number): Reading
  /** Called before `line` where the kernel took the line before it. */
  passed?(bytes: Uint8Array, from: number, to: number): void
}

/**
 * A LineSplitter whose lines the kernel takes first. Bytes can be read right into its memory: `room`, then `filled`.
 */
export class KernelSplitter {
  readonly #totals: KernelTotals
  readonly #consumer: HandedLines
  /** Has the beginning of a line that doesn't fit into the input. */
  #long: LineSplitter | undefined
  /** Bytes of the line that isn't complete yet, at the beginning of the kernel's input. */
  #kept = 0
  /** Of the input's first byte. */
  #offset: number
  readonly #from: number

  /**
   * @param offset of the first byte that will be written
   * @param from lines that begin before it are no whole lines, or nobody's: the consumer gets them
   */
  constructor(totals: KernelTotals, consumer: HandedLines, offset = 0, from = offset) {
    this.#totals = totals
    this.#consumer = consumer
    this.#offset = offset
    this.#from = from
  }

  /** Where the line that isn't complete yet begins. */
  get offset(): number {
    return this.#long?.offset ?? this.#offset
  }

  /** Where the next bytes go, a megabyte at most. Only valid until `filled`. */
  room(): Uint8Array {
    return new Uint8Array(this.#totals.memory, INPUT + this.#kept, INPUT_SIZE - LONGEST_LINE)
  }

  write(chunk: Uint8Array): void {
    const { buffer, byteOffset } = chunk
    if (buffer === this.#totals.memory && byteOffset === INPUT + this.#kept) {
      this.filled(chunk.length)
      return
    }
    for (let from = 0; from < chunk.length; ) {
      const room = this.room()
      const part = chunk.subarray(from, from + room.length)
      room.set(part)
      this.filled(part.length)
      from += part.length
    }
  }

  /** So many bytes of the room have been filled. */
  filled(length: number): void {
    const bytes = new Uint8Array(this.#totals.memory)
    const end = INPUT + this.#kept + length
    if (this.#offset < this.#from && !this.#long) this.#beginLong()
    const from = this.#long ? this.#endLong(this.#long, bytes, end) : INPUT
    const behind = bytes.subarray(from, end).lastIndexOf(LINE_FEED) + 1 + from
    if (behind > from) this.#totals.take(from, behind, this.#consumer, this.#offset - INPUT)
    this.#offset += behind - INPUT
    this.#kept = end - behind
    // The memory may have grown meanwhile.
    new Uint8Array(this.#totals.memory).copyWithin(INPUT, behind, end)
    if (this.#kept > LONGEST_LINE) this.#beginLong()
  }

  /** The text ends here. */
  end(): void {
    this.#beginLong().end()
  }

  #beginLong(): LineSplitter {
    this.#long ??= new LineSplitter(this.#consumer, this.#offset)
    this.#long.write(new Uint8Array(this.#totals.memory).subarray(INPUT, INPUT + this.#kept))
    this.#offset += this.#kept
    this.#kept = 0
    return this.#long
  }

  /** Gives the address behind the long line, or behind all there is. */
  #endLong(long: LineSplitter, bytes: Uint8Array, end: number): number {
    const part = bytes.subarray(INPUT, end)
    const feed = part.indexOf(LINE_FEED)
    long.write(feed < 0 ? part : part.subarray(0, feed + 1))
    if (feed < 0) return end
    this.#long = undefined
    return INPUT + feed + 1
  }
}
