/** A figure with what it lies between. */
export interface Range {
  readonly low: number
  readonly estimate: number
  /** Undefined where nothing bounds it. */
  readonly high?: number
}

export const NONE: Range = { low: 0, estimate: 0, high: 0 }

export const exactly = (value: number): Range => ({ low: value, estimate: value, high: value })

export const isExact = ({ low, high }: Range): boolean => low === high

/** The sum of counts: each may be at its end. */
export function addRanges(ranges: readonly Range[]): Range {
  let [low, estimate, high] = [0, 0, 0]
  let bounded = true
  for (const range of ranges) {
    low += range.low
    estimate += range.estimate
    high += range.high ?? 0
    bounded &&= range.high !== undefined
  }
  return { low, estimate, ...(bounded && { high }) }
}

/** The sum of intervals that hold with a probability: errors of several don't all go one way. Whole numbers, outwards. */
export function addIntervals(ranges: readonly Range[]): Range {
  const { low, estimate, high } = addRanges(ranges)
  const apart = (of: (range: Range) => number): number =>
    Math.sqrt(ranges.reduce((sum, range) => sum + of(range) ** 2, 0))
  return {
    low: Math.floor(Math.max(ranges.length > 1 ? 0 : low, estimate - apart((one) => one.estimate - one.low))),
    estimate,
    ...(high !== undefined && {
      high: Math.ceil(estimate + apart((one) => (one.high as number) - one.estimate)),
    }),
  }
}
