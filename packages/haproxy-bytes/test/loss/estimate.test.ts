import { describe, expect, test } from 'vitest'
import { estimateBytes, LossCollector, lossLedger } from '../../src/loss/index.ts'
import { Random } from '../live/random.ts'

const FRONTEND = { frontend: 'web', backend: 'app', partial: false }

/** Sizes of transfers, drawn anew for every line. */
const SIZES: Readonly<Record<string, (random: Random) => number>> = {
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

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] as number

function deviation(values: Float64Array): number {
  let [sum, squares] = [0, 0]
  for (const value of values) sum += value
  for (const value of values) squares += (value - sum / values.length) ** 2
  return Math.sqrt(squares / (values.length - 1))
}

describe.each(Object.keys(SIZES))('%s', (name) => {
  const draw = SIZES[name] as (random: Random) => number

  test.each([
    [20, 1000],
    [300, 1500],
  ])('%i lines lost of %i: the interval holds, and is not wide', (lost, lines) => {
    const random = new Random(lost + lines)
    const widths: number[] = []
    let held = 0
    for (let trial = 0; trial < 1000; trial++) {
      const sizes = new Float64Array(lines - lost)
      for (let line = 0; line < sizes.length; line++) sizes[line] = Math.round(draw(random))
      let gone = 0
      for (let line = 0; line < lost; line++) gone += Math.round(draw(random))
      const { bytes } = estimateBytes(sizes, lost) as { readonly bytes: Bounds }
      const { low, high } = bytes
      if (low <= gone && gone <= high) held++
      const n = sizes.length
      widths.push((high - low) / (2 * 1.96 * deviation(sizes) * Math.sqrt(lost * (1 + lost / n))))
    }
    expect(held).toBeGreaterThanOrEqual(930)
    expect(median(widths)).toBeLessThanOrEqual(1.5)
  })
})

interface Bounds {
  readonly low: number
  readonly estimate: number
  readonly high: number
}

test('a ledger with nothing but a report: the count is exact, the bytes are those of the lines around it', () => {
  const random = new Random(1)
  let held = 0
  for (let trial = 0; trial < 1000; trial++) {
    const sizes = Array.from({ length: 200 }, () => Math.round(SIZES.lognormal?.(random) as number))
    const gone = sizes.splice(90, 4).reduce((sum, size) => sum + size, 0)
    const { lines, bytes } = reported(sizes, 90, 4)
    expect(lines).toEqual({ low: 4, estimate: 4, high: 4 })
    const { low, high } = bytes as Bounds
    if (low <= gone && gone <= high) held++
  }
  expect(held).toBeGreaterThanOrEqual(930)
})

/** A ledger of a log with a gap in time and one report in it. */
function reported(sizes: readonly number[], at: number, lost: number) {
  const logs = new LossCollector()
  const instant = (line: number): number => 1e12 + (line < at ? line : line + lost) * 10
  for (const [line, bytesOut] of sizes.entries())
    logs.line({ ...FRONTEND, bytesOut, instant: instant(line) }, { pid: 7 })
  const limit = `${lost} messages lost due to rate-limiting (200 allowed within ${Math.ceil(lost / 100)} seconds)`
  logs.message(`imuxsock[pid: 7, name: haproxy]: ${limit}`, 'messages', instant(at))
  const { lines, bytes } = lossLedger(logs)
  return { lines, bytes }
}

test('traffic that changes over the day is estimated by the lines around the gap', () => {
  const random = new Random(5)
  const logs = new LossCollector()
  // Every line is ten times as large in the second half.
  const size = (line: number): number => Math.round((line < 50_000 ? 1000 : 10_000) * (0.5 + random.next()))
  let gone = 0
  for (let line = 0; line < 100_000; line++) {
    const bytesOut = size(line)
    if (line >= 80_000 && line < 80_100) gone += bytesOut
    else logs.line({ ...FRONTEND, bytesOut, instant: 1e12 + line * 10 })
  }
  logs.message(
    'imudp(x): 100 messages lost due to rate-limiting (5 allowed within 1 seconds)',
    'a',
    1e12 + 801_000,
  )
  const { low, estimate, high } = lossLedger(logs).bytes as Bounds
  expect(low).toBeLessThan(gone)
  expect(high).toBeGreaterThan(gone)
  expect(Math.abs(estimate / gone - 1)).toBeLessThan(0.1)
})

test('without a line to compare with there is no estimate', () => {
  expect(estimateBytes([], 5)).toBeUndefined()
})
