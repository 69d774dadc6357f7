import type { Archive } from '../format/types.ts'
import type { DirtyPages } from './dirty-pages.ts'

/** Counts what changes in one archive, and remembers where for the writer. */
export class ChangeLog {
  filled = 0
  replaced = 0
  erased = 0
  /** Row times of the first and last change. */
  from: number | null = null
  to: number | null = null
  readonly #offset: number
  readonly #dirty: DirtyPages

  constructor(archive: Archive, dirty: DirtyPages) {
    this.#offset = archive.offset
    this.#dirty = dirty
  }

  get changed(): number {
    return this.filled + this.replaced + this.erased
  }

  /** Cells from index `first` to `last` hold changes; `from` and `to` are the row times of those two. */
  note(first: number, last: number, from: number, to: number): void {
    this.#dirty.mark(this.#offset + first * 8, (last - first + 1) * 8)
    if (this.from === null || from < this.from) this.from = from
    if (this.to === null || to > this.to) this.to = to
  }
}
