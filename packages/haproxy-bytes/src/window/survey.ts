import type { Zone } from '../clock/index.ts'
import { type Disorder, OrderWatch } from './order.ts'
import type { DatedLine, ProbedLines } from './probe.ts'

/** Lines that were looked at in a file: whether they are in order, and what lies between them. */
export class Survey {
  readonly lines: ProbedLines
  readonly #zone: Zone
  #points: DatedLine[] = []
  #isSorted = true
  #places = 0
  #isDark = false

  constructor(lines: ProbedLines, zone: Zone) {
    this.lines = lines
    this.#zone = zone
  }

  get places(): number {
    return this.#places
  }

  /** Somewhere there is no line with a time. */
  get isDark(): boolean {
    return this.#isDark
  }

  /** In the order of their places, each once. */
  get points(): readonly DatedLine[] {
    if (!this.#isSorted) {
      const sorted = this.#points.sort((a, b) => a.offset - b.offset)
      this.#points = sorted.filter(({ offset }, number) => offset !== sorted[number - 1]?.offset)
      this.#isSorted = true
    }
    return this.#points
  }

  /** The first line with a time that begins at `place` or after it. */
  look(place: number): DatedLine | undefined {
    const seen = this.lines.at(place)
    this.#points.push(...seen)
    this.#isSorted = false
    this.#places++
    return seen[0]
  }

  /** Looks at many places. Beyond the last line there is none to be seen. */
  lookAt(places: Iterable<number>): void {
    for (const place of places) {
      if (place >= 0 && place < this.lines.length && !this.look(place)) this.#isDark ||= place < this.#end()
    }
  }

  /** The first line seen that is further behind one before it than a search can bear. */
  disorder(): Disorder | undefined {
    const watch = new OrderWatch(this.#zone)
    for (const { instant, offset } of this.points) watch.see(instant, offset)
    return watch.disorder
  }

  /** Where the last line with a time begins. */
  #end(): number {
    return this.lines.before(this.lines.length)?.offset ?? this.lines.length
  }
}
