import { describe, expect, test } from 'vitest'
import { estimateBytes, LossCollector, lossLedger } from '../../src/loss/index.ts'
import { Random } from '../live/random.ts'
import { coverage, SIZES } from './trials.ts'

const FRONTEND = { frontend: 'web', backend: 'app', partial: false }

describe.each(Object.keys(SIZES))('%s', (name) => {
  const draw = SIZES[name] as (random: Random) => number

  test.each([
    [20, 1000],
    [300, 1500],
  ])('%i lines lost of %i: the interval holds, and is not wide', (lost, lines) => {
    const random = new Random(lost + lines)
    const { held, width } = coverage(draw, { lost, lines, trials: 1000, random })
    expect(held).toBeGreaterThanOrEqual(930)
    expect(width).toBeLessThanOrEqual(1.5)
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
