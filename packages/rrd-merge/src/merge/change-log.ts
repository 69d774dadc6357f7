import { isCyclicState } from '../format/index.ts'
import type { Archive } from '../format/types.ts'
import type { DirtyPages } from './dirty-pages.ts'
import { countUnknown } from './kernel/index.ts'
import type { ArchiveReport, SourceReport } from './report.ts'

/** Writes to one archive's cells, counts what changes, and remembers where for the writer. */
export class ChangeLog {
  readonly archive: Archive
  readonly cells: Float64Array
  sources: readonly SourceReport[] = []
  #filled = 0
  #replaced = 0
  #erased = 0
  #unknown: number
  #from: number | null = null
  #to: number | null = null
  readonly #dirty: DirtyPages | undefined

  constructor(archive: Archive, cells: Float64Array, dirty: DirtyPages | undefined) {
    this.archive = archive
    this.cells = cells
    this.#dirty = dirty
    this.#unknown = isCyclicState(archive.cf) ? 0 : countUnknown(cells)
  }

  /** Whether it matters which page a change is in, so that `noteFilled` must not span more than one. */
  get byPage(): boolean {
    return this.#dirty !== undefined
  }

  /** Cells unknown now. */
  get unknown(): number {
    return this.#unknown
  }

  /** Gives cell `at` of the row that ends at `time` another value; a NaN is written as this machine's own. */
  set(at: number, value: number, time: number): void {
    const before = this.cells[at] as number
    this.cells[at] = value
    if (Number.isNaN(before)) {
      this.#filled++
      this.#unknown--
    } else if (Number.isNaN(value)) {
      this.#erased++
      this.#unknown++
    } else this.#replaced++
    this.#note(at, at, time, time)
  }

  /** `count` cells were filled, the first and last of them at these indexes and row times. */
  noteFilled(count: number, first: number, last: number, from: number, to: number): void {
    this.#filled += count
    this.#unknown -= count
    this.#note(first, last, from, to)
  }

  report(): ArchiveReport {
    const { cf, span, rowCount: rows } = this.archive
    return {
      cf,
      span,
      rows,
      filled: this.#filled,
      replaced: this.#replaced,
      erased: this.#erased,
      stillUnknown: this.#unknown,
      from: this.#from,
      to: this.#to,
      sources: this.sources,
    }
  }

  #note(first: number, last: number, from: number, to: number): void {
    this.#dirty?.mark(this.archive.offset + first * 8, (last - first + 1) * 8)
    if (this.#from === null || from < this.#from) this.#from = from
    if (this.#to === null || to > this.#to) this.#to = to
  }
}
