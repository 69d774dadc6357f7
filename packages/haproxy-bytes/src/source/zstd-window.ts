/** Sizes of the fields of a frame header by their flags (RFC 8878, 3.1.1.1). */
const DICTIONARY_BYTES = [0, 1, 2, 4]
const CONTENT_BYTES = [0, 2, 4, 8]
const MAGIC = 0xfd2fb528
const SKIPPABLE = 0x184d2a50

type State =
  | { readonly at: 'magic' }
  | { readonly at: 'header'; readonly length: number }
  | { readonly at: 'block' }
  | { readonly at: 'checksum' }
  | { readonly at: 'skippable' }

/**
 * Follows the frames of a zstd stream and throws before one that wants a larger window than `largest` bytes: a
 * decoder would allocate whatever a frame asks for.
 */
export class ZstdWindowGuard {
  readonly #largest: number
  #state: State = { at: 'magic' }
  #have: number[] = []
  #skip = 0
  #checksum = false

  constructor(largest: number) {
    this.#largest = largest
  }

  /** @throws RangeError */
  write(bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.length) {
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, bytes.length - at)
        this.#skip -= step
        at += step
        continue
      }
      this.#have.push(bytes[at++] as number)
      if (this.#have.length === this.#wanted()) this.#next()
    }
  }

  #wanted(): number {
    switch (this.#state.at) {
      case 'magic':
      case 'skippable':
      case 'checksum':
        return 4
      case 'block':
        return 3
      case 'header':
        return this.#have.length === 0 ? 1 : this.#state.length || headerLength(this.#have[0] as number)
    }
  }

  #next(): void {
    const value = littleEndian(this.#have)
    if (this.#state.at === 'header' && this.#state.length === 0) {
      const length = headerLength(this.#have[0] as number)
      if (length > this.#have.length) {
        this.#state = { at: 'header', length }
        return
      }
    }
    const have = this.#have
    this.#have = []
    switch (this.#state.at) {
      case 'magic':
        // What is neither is left to the decoder, which says so.
        this.#state = { at: (value & ~0xf) >>> 0 === SKIPPABLE ? 'skippable' : 'header', length: 0 }
        if (value !== MAGIC && this.#state.at === 'header') this.#skip = Number.POSITIVE_INFINITY
        break
      case 'skippable':
        this.#skip = value
        this.#state = { at: 'magic' }
        break
      case 'header': {
        const window = windowOf(have)
        if (window > this.#largest)
          throw new RangeError(
            `a zstd frame wants a window of ${window} bytes; at most ${this.#largest} are given`,
          )
        this.#checksum = ((have[0] as number) & 4) !== 0
        this.#state = { at: 'block' }
        break
      }
      case 'block': {
        const [last, type, size] = [value & 1, (value >> 1) & 3, value >> 3]
        this.#skip = type === 1 ? 1 : size
        this.#state = last === 0 ? { at: 'block' } : { at: this.#checksum ? 'checksum' : 'magic' }
        break
      }
      case 'checksum':
        this.#state = { at: 'magic' }
    }
  }
}

function headerLength(descriptor: number): number {
  const single = (descriptor & 32) !== 0
  const content = CONTENT_BYTES[descriptor >> 6] as number
  return (
    1 +
    (single ? 0 : 1) +
    (DICTIONARY_BYTES[descriptor & 3] as number) +
    (single && content === 0 ? 1 : content)
  )
}

/** Bytes that a decoder must keep: of a single segment all of its content. */
function windowOf(header: readonly number[]): number {
  const descriptor = header[0] as number
  if ((descriptor & 32) === 0) {
    const base = 2 ** (10 + ((header[1] as number) >> 3))
    return base + (base / 8) * ((header[1] as number) & 7)
  }
  const content = header.slice(1 + (DICTIONARY_BYTES[descriptor & 3] as number))
  return littleEndian(content) + (content.length === 2 ? 256 : 0)
}

function littleEndian(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte, index) => sum + byte * 2 ** (8 * index), 0)
}
