import { markerAnswer } from './marker.ts'

/** `OK u:0.01 s:0.00 r:0.05`, with blanks before the decimals of old versions; a bare `OK` where there is no getrusage. */
const OK = /^OK(?: u:\d+\.\d\d s:\d+\.\d\d r:-?\d+\.\d\d)?$/
const ERROR = 'ERROR: '
/** An ERROR text has at most 4 KiB (MAX_LENGTH in rrd_tool.h); what goes on for longer was output. */
const LONGEST_STATUS = 64 * 1024

export type Status = { readonly ok: true } | { readonly ok: false; readonly text: string }

/**
 * Finds the end of one answer of `rrdtool -`: its output, then a line `OK u:.. s:.. r:..` or `ERROR: ..`.
 *
 * Output can contain such a line itself: a PRINT of graph may say so, and the texts in a file (last_ds of a data
 * source) come from whoever wrote it. Unnoticed, every later answer would be taken for that of another command. So a
 * command can be followed by a marker, a line with a random word that rrdtool doesn't know: the status is then the last
 * one before `ERROR: unknown function '<word>'`, which no file can foretell.
 */
export class AnswerFrame {
  readonly #output: (chunk: Buffer) => void
  #marker: string | undefined
  #partial = Buffer.alloc(0)
  /** The begin of this line has been handed on, so it is no status. */
  #midLine = false
  /** A status line and what came after it. */
  #held: Buffer[] = []
  #heldSize = 0

  constructor(output: (chunk: Buffer) => void, marker?: string) {
    this.#output = output
    this.#marker = marker
  }

  /** From now on the answer ends with this word's. */
  expect(marker: string): void {
    this.#marker = marker
  }

  /** The status seen last. */
  get status(): Status | undefined {
    const line = this.#held[0]?.toString('utf8').trimEnd()
    if (line === undefined) return undefined
    if (!line.startsWith(ERROR)) return { ok: true }
    return { ok: false, text: Buffer.concat(this.#held).toString('utf8').slice(ERROR.length).trimEnd() }
  }

  /** Whether anything came after that status line: rrdtool sends nothing but the further lines of an ERROR. */
  get surplus(): boolean {
    return this.#held.length > 1 || this.#partial.length > 0
  }

  /** Takes what came; true once the marker was met (then `status` is final). */
  push(chunk: Buffer): boolean {
    const data = this.#partial.length === 0 ? chunk : Buffer.concat([this.#partial, chunk])
    let plain = 0
    let from = 0
    const flush = (to: number) => {
      if (to > plain) this.#emit(data.subarray(plain, to))
      plain = to
    }
    for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10, from)) {
      const first = data[from]
      if (!this.#midLine && (first === 0x4f || first === 0x45) && end - from < LONGEST_STATUS) {
        const line = data.toString('utf8', from, end)
        if (this.#marker !== undefined && line === markerAnswer(this.#marker)) {
          flush(from)
          this.#partial = Buffer.from(data.subarray(end + 1))
          return true
        }
        if (OK.test(line) || line.startsWith(ERROR)) {
          flush(from)
          this.#release()
          this.#hold(data.subarray(from, end + 1))
          plain = end + 1
        }
      }
      this.#midLine = false
      from = end + 1
    }
    flush(from)
    const partial = data.subarray(from)
    const canBeStatus = !this.#midLine && (partial.length === 0 || partial[0] === 0x4f || partial[0] === 0x45)
    if (partial.length > 0 && (!canBeStatus || partial.length > LONGEST_STATUS)) {
      this.#emit(partial)
      this.#midLine = true
      this.#partial = Buffer.alloc(0)
    } else {
      this.#partial = Buffer.from(partial)
    }
    return false
  }

  #emit(chunk: Buffer): void {
    if (this.#held.length > 0 && this.#heldSize + chunk.length <= LONGEST_STATUS) this.#hold(chunk)
    else {
      this.#release()
      this.#output(chunk)
    }
  }

  #hold(chunk: Buffer): void {
    this.#held.push(Buffer.from(chunk))
    this.#heldSize += chunk.length
  }

  /** What was held was output after all. */
  #release(): void {
    const held = this.#held
    this.#held = []
    this.#heldSize = 0
    for (const chunk of held) this.#output(chunk)
  }
}
