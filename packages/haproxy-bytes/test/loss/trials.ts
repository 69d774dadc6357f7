import { estimateBytes } from '../../src/loss/index.ts'
import type { Random } from '../live/random.ts'

/** Sizes of transfers, drawn anew for every line. */
export const SIZES: Readonly<Record<string, (random: Random) => number>> = {
  lognormal: (random) => Math.exp(8 + normal(random)),
  'wide lognormal': (random) => Math.exp(8 + 1.5 * normal(random)),
  // Its mean exists, its variance doesn't.
  'heavy tail': (random) => 400 * (1 - random.next()) ** (-1 / 1.5),
  mixture: (random) => {
    const kind = random.next()
    if (kind < 0.7) return 200 + 300 * random.next()
    return kind < 0.99 ? Math.exp(9 + normal(random)) : 1e6 * (1 + random.next())
  },
  bimodal: (random) => (random.next() < 0.5 ? 200 + 20 * random.next() : 20_000 + 3000 * random.next()),
}

const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())

export const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] as number

function deviation(values: Float64Array): number {
  let [sum, squares] = [0, 0]
  for (const value of values) sum += value
  for (const value of values) squares += (value - sum / values.length) ** 2
  return Math.sqrt(squares / (values.length - 1))
}

export interface Coverage {
  /** Trials in which the interval held what was lost. */
  readonly held: number
  /** Median of the width, in those of 2 * 1.96 * s * sqrt(N(1+N/n)). */
  readonly width: number
}

/** So many losses of `lost` lines out of `lines`, estimated by the others. */
export function coverage(
  draw: (random: Random) => number,
  { lost, lines, trials, random }: { lost: number; lines: number; trials: number; random: Random },
): Coverage {
  const widths: number[] = []
  let held = 0
  for (let trial = 0; trial < trials; trial++) {
    const sizes = new Float64Array(lines - lost)
    for (let line = 0; line < sizes.length; line++) sizes[line] = Math.round(draw(random))
    let gone = 0
    for (let line = 0; line < lost; line++) gone += Math.round(draw(random))
    const estimate = estimateBytes(sizes, lost)
    if (!estimate) throw new Error('nothing to estimate by')
    const { low, high = Number.POSITIVE_INFINITY } = estimate.bytes
    if (low <= gone && gone <= high) held++
    const n = sizes.length
    widths.push((high - low) / (2 * 1.96 * deviation(sizes) * Math.sqrt(lost * (1 + lost / n))))
  }
  return { held, width: median(widths) }
}
