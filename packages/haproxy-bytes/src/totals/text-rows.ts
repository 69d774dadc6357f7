/** What the rows are made of: to be handed to another thread. */
export interface TextParts {
  readonly size: number
  readonly bytes: ArrayBuffer
  readonly ends: Uint32Array
  readonly slots: Uint32Array
}

const FIRST_ROWS = 256

/**
 * Numbers different texts in the order in which they come. Beyond its bytes a text takes 12 to 24 more; in a Map it
 * would take a hundred.
 */
export class TextRows {
  #size: number
  /** All texts, UTF-8, one behind the other. */
  #bytes: Buffer
  /** Where the text of each row begins, which is where that before it ends. */
  #ends: Uint32Array
  /** Open addressing: row + 1, or 0. At most half of them are taken. */
  #slots: Uint32Array

  constructor(parts?: TextParts) {
    this.#size = parts?.size ?? 0
    this.#bytes = Buffer.from(parts?.bytes ?? new ArrayBuffer(16 * FIRST_ROWS))
    this.#ends = parts?.ends ?? new Uint32Array(FIRST_ROWS)
    this.#slots = parts?.slots ?? new Uint32Array(2 * FIRST_ROWS)
  }

  get parts(): TextParts {
    const bytes = this.#bytes.buffer as ArrayBuffer
    return { size: this.#size, bytes, ends: this.#ends, slots: this.#slots }
  }

  get size(): number {
    return this.#size
  }

  /** The row of a text; one that is new gets the next. */
  rowOf(text: string): number {
    const from = this.#end
    this.#reserve(from + 3 * text.length)
    return this.#rowOfWritten(from + this.#bytes.write(text, from))
  }

  /** The row here of a text that others have. */
  rowFrom(other: TextRows, row: number): number {
    const [from, to] = [other.#ends[row] as number, other.#ends[row + 1] as number]
    this.#reserve(this.#end + to - from)
    other.#bytes.copy(this.#bytes, this.#end, from, to)
    return this.#rowOfWritten(this.#end + to - from)
  }

  text(row: number): string {
    return this.#bytes.toString('utf8', this.#ends[row], this.#ends[row + 1])
  }

  /** In the order of their code points, as sort wants it. */
  compare(a: number, b: number): number {
    const ends = this.#ends
    return this.#bytes.compare(this.#bytes, ends[b], ends[b + 1], ends[a], ends[a + 1])
  }

  /** Of all texts. What is written behind stays where it is new. */
  get #end(): number {
    return this.#ends[this.#size] as number
  }

  #rowOfWritten(to: number): number {
    const slot = this.#slotOf(this.#end, to)
    const known = this.#slots[slot] as number
    if (known > 0) return known - 1
    this.#size++
    this.#slots[slot] = this.#size
    if (this.#size === this.#ends.length) this.#growEnds()
    this.#ends[this.#size] = to
    if (this.#slots.length < 2 * this.#size) this.#growSlots()
    return this.#size - 1
  }

  /** That of the text between two places, or the one where it would be. */
  #slotOf(from: number, to: number): number {
    const last = this.#slots.length - 1
    let slot = hash(this.#bytes, from, to) & last
    for (;;) {
      const known = this.#slots[slot] as number
      if (known === 0 || this.#isText(known - 1, from, to)) return slot
      slot = (slot + 1) & last
    }
  }

  #isText(row: number, from: number, to: number): boolean {
    const at = this.#ends[row] as number
    if ((this.#ends[row + 1] as number) - at !== to - from) return false
    for (let n = 0; n < to - from; n++) if (this.#bytes[at + n] !== this.#bytes[from + n]) return false
    return true
  }

  #reserve(end: number): void {
    if (end <= this.#bytes.length) return
    const larger = Buffer.from(new ArrayBuffer(Math.max(end, 2 * this.#bytes.length)))
    this.#bytes.copy(larger, 0, 0, this.#end)
    this.#bytes = larger
  }

  #growEnds(): void {
    const ends = new Uint32Array(2 * this.#ends.length)
    ends.set(this.#ends)
    this.#ends = ends
  }

  #growSlots(): void {
    this.#slots = new Uint32Array(2 * this.#slots.length)
    for (let row = 0; row < this.#size; row++)
      this.#slots[this.#slotOf(this.#ends[row] as number, this.#ends[row + 1] as number)] = row + 1
  }
}

/** FNV-1a, its bits mixed once more: the low ones alone choose a slot. */
function hash(bytes: Uint8Array, from: number, to: number): number {
  let value = 0x811c9dc5
  for (let at = from; at < to; at++) value = Math.imul(value ^ (bytes[at] as number), 0x01000193)
  return value ^ (value >>> 15)
}
