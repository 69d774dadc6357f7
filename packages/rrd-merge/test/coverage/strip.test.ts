import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commonAxis } from '../../src/coverage/axis.ts'
import { columnsOf, coverageOf, type MeasuredArchive, measure } from '../../src/coverage/index.ts'
import { image, T, U } from '../merge/image.ts'

const cell = fc.oneof(fc.constant(U), fc.constant(1))
const archive = (sources: number) =>
  fc.record({
    pdpPerRow: fc.constantFrom(1, 5, 7, 60),
    rows: fc.array(fc.array(cell, { minLength: sources, maxLength: sources }), {
      minLength: 1,
      maxLength: 60,
    }),
  })
const file = fc.integer({ min: 1, max: 3 }).chain((sources) =>
  fc.record({
    ds: fc.constant(['a', 'b', 'c'].slice(0, sources)),
    lastUpdate: fc.integer({ min: T, max: T + 100_000 }),
    rras: fc.array(archive(sources), { minLength: 1, maxLength: 4 }),
  }),
)
const columns = fc.integer({ min: 1, max: 300 })

const sum = (values: Float64Array) => values.reduce((all, value) => all + value, 0)

describe('the axis', () => {
  it('covers the range exactly once with ascending whole seconds', () => {
    fc.assert(
      fc.property(file, columns, (options, width) => {
        const measurement = measure(image(options))
        const { from, to, edges } = commonAxis([measurement], width)
        const times = measurement.archives.map(({ summary }) => summary)
        expect(from).toBe(Math.min(...times.map((one) => (one.firstRow as number) - one.span)))
        expect(to).toBe(Math.max(...times.map((one) => one.lastRow as number)))
        expect([edges[0], edges.at(-1)]).toEqual([from, to])
        expect(edges.length).toBeLessThanOrEqual(width + 1)
        for (let i = 1; i < edges.length; i++) {
          expect(edges[i]).toBeGreaterThan(edges[i - 1] as number)
          expect(Number.isInteger(edges[i])).toBe(true)
        }
      }),
    )
  })

  it('is finer towards the present', () => {
    const rows = Array.from({ length: 2880 }, () => 1)
    const rrd = image({ rras: [{ rows }, { pdpPerRow: 360, rows }] })
    const { edges } = coverageOf(rrd, { columns: 60 }).axis
    const widths = edges.slice(1).map((edge, i) => edge - (edges[i] as number))
    for (let i = 1; i < widths.length; i++) {
      expect((widths[i] as number) - 1).toBeLessThanOrEqual(widths[i - 1] as number)
    }
    // Two days of two years: still a ninth of the strip or more.
    const recent = edges.filter((edge) => edge > T - 2880 * 60).length
    expect(recent).toBeGreaterThan(60 / 9)
    expect(recent).toBeLessThan(60 / 3)
  })
})

describe('the columns of a strip', () => {
  it('share out every cell exactly once', () => {
    fc.assert(
      fc.property(file, columns, (options, width) => {
        const measurement = measure(image(options))
        const axis = commonAxis([measurement], width)
        measurement.archives.forEach((measured, index) => {
          const { span } = measured.summary
          const cells = (options.rras[index]?.rows ?? []).flat()
          const { total, known } = columnsOf(measured, axis)
          expect(sum(total)).toBe(cells.length * span)
          expect(sum(known)).toBe(cells.filter((value) => value === 1).length * span)
        })
      }),
    )
  })

  it('agree with a count second by second', () => {
    fc.assert(
      fc.property(file, fc.integer({ min: 1, max: 20 }), (options, width) => {
        const measurement = measure(image({ ...options, step: 2 }))
        const axis = commonAxis([measurement], width)
        measurement.archives.forEach((measured, index) => {
          const rows = options.rras[index]?.rows ?? []
          const expected = axis.edges.slice(1).map((edge, column) => {
            const start = axis.edges[column] as number
            return secondsKnown(measured, rows, start, edge)
          })
          expect([...columnsOf(measured, axis).known]).toEqual(expected)
        })
      }),
      { numRuns: 40 },
    )
  })

  it.each([
    ['known', [1, 1, 1, 1], [1, 1, 1, 1]],
    ['unknown', [U, U, U, U], [0, 0, 0, 0]],
  ])('are all %s where the archive is', (_, rows, strip) => {
    expect(coverageOf(image({ rras: [{ rows }] }), { columns: 4 }).archives[0]?.strip).toEqual(strip)
  })

  it('are absent where an archive has no rows', () => {
    const rras = [{ rows: [1, U] }, { pdpPerRow: 10, rows: [1, 1, 1, 1] }]
    const [short, long] = coverageOf(image({ lastUpdate: T, rras }), { columns: 40 }).archives
    expect(short?.strip[0]).toBeNull()
    expect(short?.strip.at(-1)).toBe(0)
    expect(long?.strip.every((share) => share === 1)).toBe(true)
  })
})

function secondsKnown({ summary }: MeasuredArchive, rows: number[][], start: number, end: number): number {
  let seconds = 0
  for (let second = start + 1; second <= end; second++) {
    const row = Math.ceil((second - (summary.firstRow as number)) / summary.span)
    seconds += rows[row]?.filter((value) => !Number.isNaN(value)).length ?? 0
  }
  return seconds
}
