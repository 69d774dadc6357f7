import { describe, expect, it } from 'vitest'
import { type MergeOptions, mergeInto } from '../../src/merge/index.ts'
import { image, rowsOf, U } from './image.ts'

const single = (rows: readonly number[]) => image({ rras: [{ rows }] })

function merged(mine: readonly number[], olds: readonly (readonly number[])[], options: MergeOptions) {
  const target = single(mine)
  const outcome = mergeInto(target, olds.map(single), options)
  return { ...outcome, rows: rowsOf(target) }
}

describe('gaps', () => {
  it.each<[number, number[]]>([
    [0, [1, 20, 3, 40, 50, 6]],
    [59, [1, 20, 3, 40, 50, 6]],
    [60, [1, U, 3, 40, 50, 6]],
    [119, [1, U, 3, 40, 50, 6]],
    [120, [1, U, 3, U, U, 6]],
  ])('only those longer than %i s', (onlyGapsLongerThan, expected) => {
    const old = [10, 20, 30, 40, 50, 60]
    for (let currentRow = 0; currentRow < 6; currentRow++) {
      const target = image({ rras: [{ rows: [1, U, 3, U, U, 6], currentRow }] })
      mergeInto(target, [single(old)], { onlyGapsLongerThan })
      expect(rowsOf(target)).toEqual(expected)
    }
  })

  it("are each data source's own", () => {
    const target = image({
      ds: ['a', 'b'],
      rras: [
        {
          rows: [
            [U, 1],
            [U, U],
            [U, 3],
          ],
        },
      ],
    })
    const old = image({
      ds: ['a', 'b'],
      rras: [
        {
          rows: [
            [4, 4],
            [5, 5],
            [6, 6],
          ],
        },
      ],
    })
    mergeInto(target, [old], { onlyGapsLongerThan: 60 })
    expect(rowsOf(target)).toEqual([
      [4, 1],
      [5, U],
      [6, 3],
    ])
  })
})

describe('granularity row', () => {
  it('fills only rows unknown as a whole, and each from a single OLD', () => {
    const target = image({
      ds: ['sum', 'num'],
      rras: [
        {
          rows: [
            [U, 1],
            [U, U],
            [U, U],
            [U, U],
          ],
        },
      ],
    })
    const olds = [
      [
        [9, 9],
        [2, U],
        [U, U],
        [4, 4],
      ],
      [
        [8, 8],
        [7, 7],
        [6, 6],
        [5, 5],
      ],
    ].map((rows) => image({ ds: ['num', 'sum'], rras: [{ rows }] }))
    mergeInto(target, olds, { granularity: 'row' })
    expect(rowsOf(target)).toEqual([
      [U, 1],
      [U, 2],
      [6, 6],
      [4, 4],
    ])
    expect(mergeInto(target, olds, { granularity: 'row' }).changed).toBe(false)
  })
})

describe('range check', () => {
  const ds = [{ name: 'a', minimum: 0, maximum: 100 }]

  it("takes nothing outside NEW's bounds and makes NEW's own such values unknown, once", () => {
    const target = image({ ds, rras: [{ rows: [U, U, U, -5, 500, 50] }] })
    const olds = [
      [-1, 101, 100, 7, U, 1],
      [0, U, 1, 8, -2, 1],
    ].map(single)
    const { report } = mergeInto(target, olds, { rangeCheck: true })
    expect(rowsOf(target)).toEqual([0, U, 100, 7, U, 50])
    expect(report.rras[0]).toMatchObject({ filled: 2, replaced: 1, erased: 1 })
    expect(report.warnings.map(({ code }) => code)).toContain('out-of-range')
    expect(mergeInto(target, olds, { rangeCheck: true }).changed).toBe(false)
  })
})

describe('combinations', () => {
  const ds = [{ name: 'a', minimum: 0, maximum: 100 }]

  it('a sum outside the range is unknown', () => {
    const target = image({ ds, rras: [{ rows: [60, 40] }] })
    mergeInto(target, [single([50, 50])], { policy: 'sum', rangeCheck: true })
    expect(rowsOf(target)).toEqual([U, 90])
  })

  it.each([
    [
      60,
      [
        [U, 1],
        [7, 8],
        [7, 8],
        [4, U],
      ],
    ],
    [
      120,
      [
        [U, 1],
        [U, U],
        [U, U],
        [4, U],
      ],
    ],
  ])('a gap of whole rows longer than %i s is filled as whole rows', (onlyGapsLongerThan, expected) => {
    const rows = [
      [U, 1],
      [U, U],
      [U, U],
      [4, U],
    ]
    const target = image({ ds: ['a', 'b'], rras: [{ rows }] })
    const old = image({ ds: ['a', 'b'], rras: [{ rows: rows.map(() => [7, 8]) }] })
    mergeInto(target, [old], { granularity: 'row', onlyGapsLongerThan })
    expect(rowsOf(target)).toEqual(expected)
  })
})

describe('options that contradict each other', () => {
  it.each<MergeOptions>([
    { from: 2, to: 1 },
    { from: Number.NaN },
    { cut: Number.POSITIVE_INFINITY },
    { cut: 1, policy: 'sum' },
    { cut: 1, granularity: 'row' },
    { cut: 1, onlyGapsLongerThan: 1 },
    { granularity: 'row', policy: 'sum' },
    { onlyGapsLongerThan: -1 },
    { policy: 'merge' as 'fill' },
    { granularity: 'file' as 'row' },
    { nan: 'one' as 'zero' },
    { seam: 'sew' as 'keep' },
  ])('%o', (options) => {
    expect(() => merged([1], [[1]], options)).toThrow(expect.objectContaining({ code: 'EUSAGE' }))
  })
})
