import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MOST_INTERVALS, TimeGrid } from '../../src/picture/time-grid.ts'

const START = Date.UTC(2026, 10, 21, 10)
const every = (step: number, count: number, from = START): number[] =>
  Array.from({ length: count }, (_, index) => from + index * step)

describe('regular intervals', () => {
  it.each([
    ['3 seconds', 3000, 100],
    ['a minute', 60_000, 500],
    ['8 minutes', 480_000, 1000],
    ['an hour', 3_600_000, 10_000],
    ['a day', 86_400_000, 300_000],
    ['a year', 365 * 86_400_000, 86_400_000],
  ])('%s', (_, span, width) => {
    const grid = new TimeGrid()
    grid.add(START)
    grid.add(START + span)
    const intervals = grid.intervals()
    expect(intervals[0]).toEqual({ from: START - (START % width), until: START - (START % width) + width })
    expect(intervals.length).toBeLessThanOrEqual(MOST_INTERVALS)
    expect(new Set(intervals.map(({ from, until }) => until - from))).toEqual(new Set([width]))
  })

  it('has none without a line', () => {
    expect(new TimeGrid().intervals()).toEqual([])
  })

  it('bears stamps of any year', () => {
    const grid = new TimeGrid(every(60_000, 100))
    for (const year of [1, 1970, 2026, 9999]) grid.add(Date.UTC(year, 1))
    expect(grid.intervals().length).toBeLessThanOrEqual(MOST_INTERVALS)
  })
})

describe('from snapshot to snapshot', () => {
  it('where there are many', () => {
    const snapshots = every(60_000, 20, START + 7)
    const grid = new TimeGrid([...snapshots].reverse())
    grid.add(START + 30_000)
    grid.add(START + 90_000)
    grid.add(START + 200_000)
    expect(grid.intervals()).toEqual(snapshots.slice(0, 4).map((from) => ({ from, until: from + 60_000 })))
  })

  it('not of two', () => {
    const grid = new TimeGrid([START, START + 600_000])
    grid.add(START + 5)
    expect(grid.intervals()).toEqual([{ from: START, until: START + 100 }])
  })
})

it('puts together what it held apart, whatever the order of lines', () => {
  const instants = fc.array(fc.integer({ min: START - 86_400_000, max: START + 10 * 86_400_000 }), {
    minLength: 1,
    maxLength: 60,
  })
  const snapshots = fc.array(fc.integer({ min: START, max: START + 3 * 86_400_000 }), { maxLength: 700 })
  fc.assert(
    fc.property(instants, snapshots, (lines, times) => {
      const grid = new TimeGrid(times)
      let sums = new Map<number, number>()
      const add = (to: Map<number, number>, start: number, count: number): void => {
        to.set(start, (to.get(start) ?? 0) + count)
      }
      for (const instant of lines) {
        if (grid.add(instant)) {
          const wider = new Map<number, number>()
          for (const [start, count] of sums) add(wider, grid.startOf(start), count)
          sums = wider
        }
        add(sums, grid.startOf(instant), 1)
      }
      const intervals = grid.intervals()
      expect(intervals.length).toBeLessThanOrEqual(MOST_INTERVALS)
      for (const [index, { from, until }] of intervals.entries()) {
        expect(until).toBeGreaterThan(from)
        if (index > 0) expect(from).toBe(intervals[index - 1]?.until)
        expect(sums.get(from) ?? 0).toBe(lines.filter((one) => one >= from && one < until).length)
      }
      expect([...sums.values()].reduce((sum, count) => sum + count, 0)).toBe(lines.length)
    }),
    { numRuns: 60 },
  )
})
