import type { WireKind } from '../model/index.ts'

/** What one of several has of a sum. Bytes. */
export interface Share<Code extends string> {
  readonly code: Code
  readonly kind: WireKind
  readonly value: bigint
  readonly low: bigint
  readonly high: bigint
}

/** What a cause could account for, of a gap of either sign. Without `high` there is no limit. */
export interface Candidate<Code extends string> {
  readonly code: Code
  readonly low: bigint
  readonly high?: bigint
  readonly likely?: bigint
}

const most = (a: bigint, b: bigint): bigint => (a > b ? a : b)
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)
const total = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n)

/**
 * Shares a gap out among what could have made it, each of the gap's sign; what none of them can is `unexplained`.
 * Candidates are given as sizes.
 */
export function shareOut<Code extends string>(
  gap: bigint,
  candidates: readonly Candidate<Code>[],
): Share<Code | 'unexplained'>[] {
  return gap < 0n ? apportion(-gap, candidates).map(negative) : apportion(gap, candidates)
}

/**
 * As `shareOut`, for candidates of either sign. Each share lies between what remains when the others take their most,
 * and their least.
 */
export function apportion<Code extends string>(
  gap: bigint,
  candidates: readonly Candidate<Code>[],
): Share<Code | 'unexplained'>[] {
  const lows = total(candidates.map(({ low }) => low))
  const limited = total(candidates.map(({ high = 0n }) => high))
  const unlimited = candidates.filter(({ high }) => high === undefined).length
  // Beyond the least and the most of all together the rest is unexplained.
  const share = most(lows, unlimited > 0 ? gap : least(gap, limited))
  const ranges = candidates.map((one) => {
    const others = unlimited > (one.high === undefined ? 1 : 0) ? undefined : limited - (one.high ?? 0n)
    const atMost = share - (lows - one.low)
    return {
      ...one,
      low: others === undefined ? one.low : most(one.low, share - others),
      high: one.high === undefined ? atMost : least(one.high, atMost),
    }
  })
  const values = ranges.map(({ low, high, likely = low }) => most(low, least(likely, high)))
  let left = share - total(values)
  // What is left goes to those of which nothing is likely, then to those that are known the least.
  const widths = ranges.map(({ likely, low, high }) => (likely === undefined ? undefined : high - low))
  const order = [...widths.keys()].sort((a, b) => descending(widths[a], widths[b]))
  for (const at of order) {
    const { low, high } = ranges[at] as (typeof ranges)[number]
    const value = values[at] as bigint
    const change = left > 0n ? least(left, high - value) : most(left, low - value)
    values[at] = value + change
    left -= change
  }
  const shares = ranges.map(({ code, low, high }, at) => shareOf(code, values[at] as bigint, low, high))
  const rest = gap - share
  return [
    ...shares.filter(({ low, high }) => low !== 0n || high !== 0n),
    ...(rest === 0n ? [] : [shareOf('unexplained' as const, rest, rest, rest)]),
  ]
}

/** Undefined is the widest. */
function descending(a: bigint | undefined, b: bigint | undefined): number {
  if (a === undefined || b === undefined) return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1)
  return a > b ? -1 : a < b ? 1 : 0
}

export const shareOf = <Code extends string>(
  code: Code,
  value: bigint,
  low: bigint,
  high: bigint,
): Share<Code> => ({
  code,
  kind: low === high ? 'exact' : 'bounded',
  value,
  low,
  high,
})

const negative = <Code extends string>({ code, value, low, high }: Share<Code>): Share<Code> =>
  shareOf(code, -value, -high, -low)
