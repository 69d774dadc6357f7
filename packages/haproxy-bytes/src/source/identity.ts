import { createHash } from 'node:crypto'

const LINE_FEED = 0x0a
/** Prefixes up to here are remembered, at the ends of lines 1, 2, 4, 8... */
const HEAD = 1 << 16
/** Beyond it, so much is looked at in each so many bytes: a log of 1 GB has a thousand samples of 4 KiB. */
const SAMPLE = 4096
const STRIDE = 1 << 20

/** A digest of the bytes that end at `end` (prefixes from 0, samples from the last multiple of a MiB). */
export type Checkpoint = readonly [end: number, digest: string]

/** By what a log is known again when it was rotated, renamed, compressed or has grown: by what is in it. */
export interface LogIdentity {
  /** Bytes, decompressed, as far as it was read. */
  readonly length: number
  readonly checkpoints: readonly Checkpoint[]
}

/** `same`; `prefix`: the first was read again later, when it had grown; `extension`: the reverse; else `different`. */
export type Relation = 'same' | 'prefix' | 'extension' | 'different'

/** Follows the bytes of a log as they are read. */
export class IdentityReader {
  #length = 0
  #lines = 0
  #head = createHash('sha256')
  #headEnd = 0
  #sample: ReturnType<typeof createHash> | undefined
  readonly #checkpoints: Checkpoint[] = []

  write(bytes: Uint8Array): void {
    if (this.#headEnd >= 0) this.#writeHead(bytes)
    const end = this.#length + bytes.length
    // The samples that reach into these bytes, the one at hand among them.
    let from = Math.floor(this.#length / STRIDE) * STRIDE
    for (; from < end; from += STRIDE) {
      const [first, last] = [Math.max(from, this.#length), Math.min(from + SAMPLE, end)]
      if (from === 0 || first >= last) continue
      if (first === from) this.#sample = createHash('sha256')
      this.#sample?.update(bytes.subarray(first - this.#length, last - this.#length))
      if (last === from + SAMPLE) {
        this.#checkpoints.push([last, shortened(this.#sample?.digest() as Buffer)])
        this.#sample = undefined
      }
    }
    this.#length = end
  }

  /** Passes over bytes that no checkpoint looks at: those between the `probes`. */
  skip(length: number): void {
    this.#length += length
  }

  identity(): LogIdentity {
    // A log of one line that has no end yet is known by that.
    const only = this.#lines === 0 && this.#length > 0 && this.#length === this.#headEnd
    const checkpoints: Checkpoint[] = only
      ? [[this.#length, shortened(this.#head.copy().digest())]]
      : [...this.#checkpoints]
    return { length: this.#length, checkpoints }
  }

  #writeHead(bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.length && this.#headEnd < HEAD) {
      const feed = bytes.indexOf(LINE_FEED, at)
      const end = feed < 0 ? bytes.length : feed + 1
      this.#head.update(bytes.subarray(at, end))
      this.#headEnd += end - at
      at = end
      // A line that reaches beyond is none of the head, in however many pieces it comes.
      if (feed < 0 || this.#headEnd > HEAD) continue
      this.#lines++
      // Powers of two.
      if ((this.#lines & (this.#lines - 1)) === 0)
        this.#checkpoints.push([this.#headEnd, shortened(this.#head.copy().digest())])
    }
    if (this.#headEnd >= HEAD) this.#headEnd = -1
  }
}

/** The places of a log of this length that an identity looks at, in order: from, to. */
export function* probes(length: number): Generator<readonly [from: number, to: number]> {
  yield [0, Math.min(HEAD, length)]
  for (let from = STRIDE; from < length; from += STRIDE) yield [from, Math.min(from + SAMPLE, length)]
}

const shortened = (digest: Buffer): string => digest.toString('hex', 0, 16)

/** How two logs stand to each other. Without a whole line neither is known. */
export function relationOf(one: LogIdentity, other: LogIdentity): Relation {
  const common = Math.min(one.length, other.length)
  const within = ({ checkpoints }: LogIdentity): readonly Checkpoint[] =>
    checkpoints.filter(([end]) => end <= common)
  const [a, b] = [within(one), within(other)]
  if (a.length === 0 || a.length !== b.length) return 'different'
  if (a.some(([end, digest], index) => end !== b[index]?.[0] || digest !== b[index]?.[1])) return 'different'
  if (one.length === other.length) return 'same'
  return one.length < other.length ? 'prefix' : 'extension'
}
