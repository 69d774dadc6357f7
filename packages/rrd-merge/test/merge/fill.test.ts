import { describe, expect, it } from 'vitest'
import { mergeInto, planMerge } from '../../src/merge/index.ts'
import { image, rowsOf, T, U } from './image.ts'

describe('the founding rule', () => {
  it.each([
    ['unknown takes known', [U, 2, U], [1, 9, 3], [1, 2, 3], 2],
    ['0 of NEW is a value', [0, U], [5, 6], [0, 6], 1],
    ['0 of OLD is a value', [U, U], [0, -0], [0, -0], 2],
    [
      'infinity is a value on both sides',
      [Number.POSITIVE_INFINITY, U],
      [1, Number.NEGATIVE_INFINITY],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
      1,
    ],
    ['unknown in both stays', [U, 1], [U, 2], [U, 1], 0],
  ])('%s', (_, mine, theirs, expected, filled) => {
    const target = image({ rras: [{ rows: mine }] })
    const outcome = mergeInto(target, [image({ rras: [{ rows: theirs }] })])
    expect(rowsOf(target)).toEqual(expected)
    expect(outcome.rrd).toBe(target)
    expect(outcome.changed).toBe(filled > 0)
    expect(outcome.report.filled).toBe(filled)
    expect(outcome.report.stillUnknown).toBe(expected.filter(Number.isNaN).length)
  })

  it.each([0, 1, 2, 3, 4])('finds rows by time wherever either archive wraps (%i)', (shift) => {
    for (let other = 0; other < 4; other++) {
      const target = image({ rras: [{ rows: [U, U, 3, U, U], currentRow: shift }] })
      const old = image({ lastUpdate: T - 60 + 17, rras: [{ rows: [10, 20, U, 40], currentRow: other }] })
      const { report } = mergeInto(target, [old])
      expect(rowsOf(target)).toEqual([10, 20, 3, 40, U])
      expect(report.rras[0]).toMatchObject({ rows: 5, filled: 3, stillUnknown: 1, from: T - 240, to: T - 60 })
    }
  })

  it('goes cell by cell and by name, whatever the order', () => {
    const target = image({
      ds: ['a', 'b', 'c'],
      rras: [
        {
          rows: [
            [U, 1, U],
            [U, U, 5],
          ],
        },
      ],
    })
    const old = image({
      ds: ['x', 'b', 'a'],
      rras: [
        {
          rows: [
            [7, 8, 9],
            [10, 11, U],
          ],
        },
      ],
    })
    const { report } = mergeInto(target, [old])
    expect(rowsOf(target)).toEqual([
      [9, 1, U],
      [U, 11, 5],
    ])
    expect(report.ds).toEqual({ matched: ['a', 'b'], missing: ['c'], extra: ['x'], added: [] })
    expect(report.rras[0]).toMatchObject({
      filled: 2,
      stillUnknown: 2,
      sources: [{ old: 0, cf: 'AVERAGE', span: 60, how: 'exact', cells: 2 }],
    })
  })

  it('takes from the first OLD that knows the cell', () => {
    const target = image({ rras: [{ rows: [U, U, U, 4] }] })
    const olds = [
      [1, U, U, 0],
      [2, 2, U, 0],
    ].map((rows) => image({ rras: [{ rows }] }))
    expect(mergeInto(target, olds).report.rras[0]?.sources.map(({ cells }) => cells)).toEqual([1, 1])
    expect(rowsOf(target)).toEqual([1, 2, U, 4])
  })

  it('leaves every other byte as it is, the payloads of unknown cells too', () => {
    const target = image({ rras: [{ rows: [U, U, 3] }] })
    const bits = new BigUint64Array(target.bytes.buffer, 1000)
    bits[1] = 0xfff8_0000_dead_beefn
    const before = target.bytes.slice()
    const { dirty } = mergeInto(target, [image({ rras: [{ rows: [7, U, 9] }] })])
    const after = target.bytes.slice()
    expect([...after.subarray(0, 1000)]).toEqual([...before.subarray(0, 1000)])
    expect([...after.subarray(1008)]).toEqual([...before.subarray(1008)])
    expect(new DataView(after.buffer).getFloat64(1000, true)).toBe(7)
    expect(dirty).toEqual([{ start: 1000, end: 1024 }])
  })

  it('has nothing to do the second time', () => {
    const target = image({ rras: [{ rows: [U, U, 3] }] })
    const olds = [image({ rras: [{ rows: [1, U, 2] }] })]
    expect(mergeInto(target, olds).changed).toBe(true)
    expect(mergeInto(target, olds)).toMatchObject({
      changed: false,
      dirty: [],
      report: { filled: 0, rras: [{ from: null, to: null }] },
    })
  })

  it('plans on a copy', () => {
    const target = image({ rras: [{ rows: [U] }] })
    const plan = planMerge(target, [image({ rras: [{ rows: [1] }] })])
    expect(rowsOf(target)).toEqual([U])
    expect(rowsOf(plan.rrd)).toEqual([1])
    expect(planMerge(target, image({ rras: [{ rows: [1] }] }))).toEqual(plan)
  })
})

describe('an OLD newer than NEW', () => {
  const target = () => image({ rras: [{ rows: [U, U, U] }] })
  const old = image({ lastUpdate: T + 60, rras: [{ rows: [1, 2, 3] }] })

  it('is refused with both dates', () => {
    expect(() => mergeInto(target(), [old])).toThrow(
      expect.objectContaining({
        code: 'ESWAPPED',
        message:
          'swapped? OLD was last updated 2023-11-15T00:01:00Z (1700006460), NEW 2023-11-15T00:00:00Z (1700006400)',
      }),
    )
  })

  it('may be newer by microseconds; the same moment is fine', () => {
    const make = (lastUpdateUsec: number) => image({ lastUpdateUsec, rras: [{ rows: [U] }] })
    expect(() => mergeInto(make(5), [make(6)])).toThrow(
      '(1700006400.000006), NEW 2023-11-15T00:00:00Z (1700006400.000005)',
    )
    expect(mergeInto(make(5), [make(5)]).changed).toBe(false)
    expect(() => mergeInto(make(0), [make(0), make(1)])).toThrow('swapped? OLD 2 was last updated')
  })

  it('fills what has a place if allowed, and says so', () => {
    const image = target()
    const { report } = mergeInto(image, [old], { allowNewerOld: true })
    expect(rowsOf(image)).toEqual([U, 1, 2])
    expect(report.warnings.map(({ code }) => code)).toContain('newer-old')
  })
})
