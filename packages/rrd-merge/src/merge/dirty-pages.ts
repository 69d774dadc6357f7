/** Bytes from `start` up to, not including, `end`, as offsets in the file. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

const PAGE = 4096

/** Remembers which 4 KiB pages of a file's cell area changed: one byte a page, however the changes are spread. */
export class DirtyPages {
  readonly #pages: Uint8Array
  readonly #start: number
  readonly #end: number

  /** @param start offset of the first cell. @param end offset after the last cell. */
  constructor(start: number, end: number) {
    this.#start = start
    this.#end = end
    this.#pages = new Uint8Array(Math.floor(end / PAGE) + 1)
  }

  /** Marks `length` bytes from `offset`. */
  mark(offset: number, length: number): void {
    const last = Math.floor((offset + length - 1) / PAGE)
    for (let page = Math.floor(offset / PAGE); page <= last; page++) this.#pages[page] = 1
  }

  /** The changed pages as runs, cut to the cell area. */
  ranges(): ByteRange[] {
    const ranges: ByteRange[] = []
    let page = this.#pages.indexOf(1)
    while (page >= 0) {
      const clean = this.#pages.indexOf(0, page)
      const after = clean < 0 ? this.#pages.length : clean
      ranges.push({ start: Math.max(this.#start, page * PAGE), end: Math.min(this.#end, after * PAGE) })
      page = clean < 0 ? -1 : this.#pages.indexOf(1, clean)
    }
    return ranges
  }
}
