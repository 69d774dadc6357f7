import { type ByteEstimate, estimateBytes, wantedNeighbours } from './estimate.ts'
import type { ByteFigure } from './ledger-types.ts'
import type { Neighbours, Stratum } from './neighbours.ts'
import type { Range } from './range.ts'

export const NO_BYTES: ByteFigure = { low: 0, estimate: 0, high: 0, kind: 'exact' }

export interface Span {
  readonly from: number
  readonly until: number
}

/** What lines that were lost in a span held, by those around them. */
export function lostBytes(
  neighbours: Neighbours,
  { from, until }: Span,
  lines: Range,
  stratum: Stratum,
): { bytes: ByteFigure; sample?: ByteEstimate['sample'] } {
  const of = (count: number): ByteEstimate | undefined =>
    estimateBytes(neighbours.around(from, until, wantedNeighbours(count), stratum), count)
  const likely = of(lines.estimate)
  if (!likely) return { bytes: { low: 0, estimate: 0, kind: 'unknown' } }
  const low = lines.low === lines.estimate ? likely : of(lines.low)
  const high = lines.high === lines.estimate ? likely : lines.high !== undefined ? of(lines.high) : undefined
  return {
    bytes: {
      low: Math.floor(low?.bytes.low ?? 0),
      estimate: Math.round(likely.bytes.estimate),
      ...(high && { high: Math.ceil(high.bytes.high as number) }),
      kind: 'estimated',
    },
    sample: likely.sample,
  }
}
