/** What the daemon answered: a status, the rest of its line, and as many more lines as a positive status says. */
export interface Answer {
  /** Negative: an error. */
  readonly status: number
  readonly text: string
  readonly lines: readonly string[]
}

/** A first line or a list no rrdcached sends; bounds what a stranger's answer can make this process keep. */
const MOST_BYTES = 256 * 1024 * 1024
const MOST_FIRST_LINE = 64 * 1024

const NEWLINE = 0x0a

export type AnswerProgress =
  | { readonly state: 'more' }
  | { readonly state: 'done'; readonly answer: Answer }
  | { readonly state: 'garbage'; readonly start: string }

const MORE: AnswerProgress = { state: 'more' }

/** Puts one answer together from what arrives. */
export class AnswerReader {
  readonly #lines: string[] = []
  #head: { readonly status: number; readonly text: string } | undefined
  #rest: Buffer = Buffer.alloc(0)
  #bytes = 0

  /** Takes what has arrived. Bytes after the answer are garbage: nothing was asked. */
  push(chunk: Buffer): AnswerProgress {
    this.#bytes += chunk.length
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    for (let end = data.indexOf(NEWLINE); end >= 0; end = data.indexOf(NEWLINE)) {
      const line = data.toString('utf8', 0, end)
      data = data.subarray(end + 1)
      if (!this.#head) {
        const head = /^(-?\d{1,9})(?: (.*))?$/.exec(line)
        if (!head) return { state: 'garbage', start: line }
        this.#head = { status: Number(head[1]), text: head[2] ?? '' }
      } else this.#lines.push(line)
      if (this.#lines.length < this.#head.status) continue
      if (data.length > 0) return { state: 'garbage', start: data.toString('utf8', 0, 80) }
      return { state: 'done', answer: { ...this.#head, lines: this.#lines } }
    }
    this.#rest = data
    const tooMuch = this.#bytes > MOST_BYTES || (!this.#head && data.length > MOST_FIRST_LINE)
    return tooMuch ? { state: 'garbage', start: data.toString('utf8', 0, 80) } : MORE
  }
}
