import type { Zone } from '../clock/index.ts'
import { type Disorder, OrderWatch, slackAt } from './order.ts'
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

  /** How far back in time a line may lie behind one before it, ms. */
  slackAt(instant: number): number {
    return slackAt(instant, this.#zone)
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
    this.#add(seen ? [seen] : [])
    return seen
  }

  /** Looks at many places. Beyond the last line there is none to be seen. */
  lookAt(places: Iterable<number>): void {
    for (const place of places) {
      if (place < 0 || place >= this.lines.length) continue
      const seen = this.lines.about(place)
      this.#add(seen)
      if (seen.length === 0) this.#isDark ||= place < this.#end()
    }
  }

  /** The first line seen that is further behind one before it than a search can bear. */
  disorder(): Disorder | undefined {
    const watch = new OrderWatch(this.#zone)
    for (const [number, point] of this.points.entries()) {
      // A transfer that began long ago may have ended just now.
      const { instant, offset } = watch.isBehind(point.instant) ? this.exact(number) : point
      watch.see(instant, offset)
    }
    return watch.disorder
  }

  /** One of the points with its end. */
  exact(number: number): DatedLine {
    const point = this.points[number] as DatedLine
    if (!point.isBegin) return point
    const { offset, instant } = this.lines.at(point.offset) ?? point
    const line = { offset, instant }
    this.#points[number] = line
    return line
  }

  #add(lines: readonly DatedLine[]): void {
    this.#points.push(...lines)
    this.#isSorted = false
    this.#places++
  }

  /** Where the last line with a time begins. */
  #end(): number {
    return this.lines.before(this.lines.length)?.offset ?? this.lines.length
  }
}
