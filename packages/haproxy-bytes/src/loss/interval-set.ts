/**
 * A set of integers as intervals: small where they are dense, as counters of log lines are. Order of insertion and of
 * merging doesn't matter.
 */
export class IntervalSet {
  /** Begin and last of each, ascending, apart by at least one. */
  #bounds: number[] = []
  /** Numbers that were added again. */
  #repeated = 0

  static from(intervals: readonly (readonly [first: number, last: number])[]): IntervalSet {
    const set = new IntervalSet()
    for (const [first, last] of intervals) set.#insert(first, last)
    return set
  }

  get repeated(): number {
    return this.#repeated
  }

  get size(): number {
    return this.intervals().reduce((sum, [first, last]) => sum + last - first + 1, 0)
  }

  add(value: number): void {
    const { length } = this.#bounds
    // Counters mostly go up by one.
    if (length > 0 && value === (this.#bounds[length - 1] as number) + 1) this.#bounds[length - 1] = value
    else this.#insert(value, value)
  }

  merge(other: IntervalSet): void {
    for (const [first, last] of other.intervals()) this.#insert(first, last)
    this.#repeated += other.#repeated
  }

  intervals(): [first: number, last: number][] {
    const result: [number, number][] = []
    for (let at = 0; at < this.#bounds.length; at += 2)
      result.push([this.#bounds[at] as number, this.#bounds[at + 1] as number])
    return result
  }

  /** What lies between the smallest and the largest and isn't in it. */
  gaps(): [first: number, last: number][] {
    const all = this.intervals()
    return all.slice(1).map(([first], index) => [(all[index]?.[1] as number) + 1, first - 1])
  }

  #insert(first: number, last: number): void {
    const bounds = this.#bounds
    const begin = this.#place(first - 1)
    let end = begin
    let [from, to] = [first, last]
    let covered = 0
    while (end < bounds.length && (bounds[end] as number) <= last + 1) {
      const [otherFirst, otherLast] = [bounds[end] as number, bounds[end + 1] as number]
      covered += Math.max(0, Math.min(last, otherLast) - Math.max(first, otherFirst) + 1)
      from = Math.min(from, otherFirst)
      to = Math.max(to, otherLast)
      end += 2
    }
    this.#repeated += covered
    bounds.splice(begin, end - begin, from, to)
  }

  /** Where the first interval begins that ends at or after a value. */
  #place(value: number): number {
    let [low, high] = [0, this.#bounds.length / 2]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#bounds[middle * 2 + 1] as number) < value) low = middle + 1
      else high = middle
    }
    return low * 2
  }
}
