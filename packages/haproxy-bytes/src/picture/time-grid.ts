/** Points of a picture at most: a screen has no more. */
export const MOST_INTERVALS = 500
/** Fewer snapshots than this make a poor picture: intervals are regular then. */
const MANY_SNAPSHOTS = 12

const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000]
/** ms; each is a multiple of the one before, so that what was summed can be put together. */
const WIDTHS = [
  100,
  500,
  SECOND,
  5 * SECOND,
  10 * SECOND,
  30 * SECOND,
  MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  7 * DAY,
]

/** A piece of time, ms of UTC; `until` is not in it. */
export interface Interval {
  readonly from: number
  readonly until: number
}

/**
 * Parts the time of a log, whose ends are not known before all of it is read, into intervals that are never too many:
 * from one snapshot to the next where there are many, else regular ones. Both get wider as the log goes on.
 */
export class TimeGrid {
  /** Ascending. */
  readonly #edges: readonly number[]
  #first = Number.POSITIVE_INFINITY
  #last = Number.NEGATIVE_INFINITY
  /** Number of the width. */
  #width = 0
  /** So many snapshots make one interval. */
  #stride = 1

  /** @param times of snapshots, in any order */
  constructor(times: readonly number[] = []) {
    const edges = [...new Set(times)].sort((a, b) => a - b)
    this.#edges = edges.length < MANY_SNAPSHOTS ? [] : edges
  }

  /** Takes in that a line is of this instant. @returns whether intervals became wider: sums are to be put together */
  add(instant: number): boolean {
    if (instant >= this.#first && instant <= this.#last) return false
    this.#first = Math.min(this.#first, instant)
    this.#last = Math.max(this.#last, instant)
    const [width, stride] = [this.#width, this.#stride]
    const most = this.#edges.length > 0 ? MOST_INTERVALS / 2 : MOST_INTERVALS
    while (this.#outside() > most) this.#width++
    while (this.#inside() > most) this.#stride *= 2
    return width !== this.#width || stride !== this.#stride
  }

  /** Where the interval of an instant begins. The beginning of one that was narrower is in the one that holds it now. */
  startOf(instant: number): number {
    const regular = this.#floor(instant)
    const edge = this.#edgeBefore(instant)
    if (edge < 0) return regular
    const after = this.#edges.length - 1
    return edge < after ? (this.#edges[edge] as number) : Math.max(regular, this.#edges[after] as number)
  }

  /** From the first line to the last, without a hole; empty where there was none. */
  intervals(): Interval[] {
    const result: Interval[] = []
    for (let from = this.startOf(this.#first); from <= this.#last; from = (result.at(-1) as Interval).until)
      result.push({ from, until: this.#endOf(from) })
    return result
  }

  #endOf(start: number): number {
    const regular = this.#floor(start) + widthOf(this.#width)
    const [first] = this.#edges
    if (first === undefined) return regular
    if (start < first) return Math.min(regular, first)
    const edge = this.#edgeBefore(start)
    const after = this.#edges.length - 1
    return edge < after ? (this.#edges[Math.min(edge + this.#stride, after)] as number) : regular
  }

  /** Number of the snapshot at which an interval begins; -1 before the first, the last one's behind it. */
  #edgeBefore(instant: number): number {
    let [low, high] = [0, this.#edges.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#edges[middle] as number) <= instant) low = middle + 1
      else high = middle
    }
    const at = low - 1
    return at < 0 || at === this.#edges.length - 1 ? at : at - (at % this.#stride)
  }

  #floor(instant: number): number {
    const width = widthOf(this.#width)
    return Math.floor(instant / width) * width
  }

  /** How many regular intervals there are at most. */
  #outside(): number {
    const width = widthOf(this.#width)
    const [first, last] = [this.#edges[0], this.#edges.at(-1)]
    if (first === undefined || last === undefined) return (this.#last - this.#first) / width + 2
    const before = Math.max(0, Math.min(first, this.#last) - this.#first)
    const behind = Math.max(0, this.#last - Math.max(last, this.#first))
    return (before + behind) / width + 4
  }

  #inside(): number {
    return (this.#edgeBefore(this.#last) - this.#edgeBefore(this.#first)) / this.#stride + 2
  }
}

function widthOf(number: number): number {
  const over = number - WIDTHS.length + 1
  return over <= 0 ? (WIDTHS[number] as number) : (WIDTHS.at(-1) as number) * 2 ** over
}
