import { describe, expect, it } from 'vitest'
import { mergeInto } from '../../src/merge/index.ts'
import { image, rowsOf, U } from './image.ts'

const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

describe('consolidate', () => {
  const coarse = (rows: readonly number[], cf = 'AVERAGE', xff = 0.5) =>
    image({ rras: [{ cf, xff, pdpPerRow: 5, rows }] })
  const fine = (rows: readonly number[], cf = 'AVERAGE') => image({ rras: [{ cf, rows }] })

  it.each<[string, number[]]>([
    ['AVERAGE', [3, 8]],
    ['MIN', [1, 6]],
    ['MAX', [5, 10]],
    ['LAST', [5, 10]],
  ])('%s of finer rows', (cf, expected) => {
    const target = coarse([U, U], cf)
    const { report } = mergeInto(target, [fine(ten, cf)], { consolidate: true })
    expect(rowsOf(target)).toEqual(expected)
    expect(report.rras[0]?.sources).toEqual([{ old: 0, cf, span: 60, how: 'consolidated', cells: 2 }])
    expect(report.warnings).toContainEqual(
      expect.objectContaining({ code: 'consolidated', span: 300, sourceSpan: 60, cells: 2 }),
    )
  })

  it('is opt-in: a pair with nothing else in common is refused with the remedy', () => {
    expect(() => mergeInto(coarse([U, U]), [fine(ten)])).toThrow(
      expect.objectContaining({
        code: 'EMISMATCH',
        message: 'no archive in common: NEW has AVERAGE 5 min, OLD has AVERAGE 60 s',
        remedy: expect.stringContaining('--consolidate'),
      }),
    )
  })

  it.each<[number, number[], number]>([
    [0.5, [1, U, 3, U, 5], 3],
    [0.4, [1, U, 3, U, 5], 3],
    [0.39, [1, U, 3, U, 5], U],
    [0.5, [U, U, U, 4, 5], U],
    [0.6, [U, U, U, 4, 6], 5],
    [0, [1, 2, 3, 4, 5], 3],
    [0, [1, 2, 3, 4, U], U],
    [0.99, [U, U, U, U, U], U],
  ])('xff %d of %j gives %d', (xff, rows, expected) => {
    const target = coarse([U], 'AVERAGE', xff)
    mergeInto(target, [fine(rows)], { consolidate: true })
    expect(rowsOf(target)).toEqual([expected])
  })

  it('counts rows that OLD no longer has as unknown', () => {
    const rows = ten.slice(2)
    for (let currentRow = 0; currentRow < rows.length; currentRow++) {
      const target = coarse([U, U])
      mergeInto(target, [image({ rras: [{ rows, currentRow }] })], { consolidate: true })
      expect(rowsOf(target)).toEqual([4, 8])
      const strict = coarse([U, U], 'AVERAGE', 0.3)
      mergeInto(strict, [image({ rras: [{ rows, currentRow }] })], { consolidate: true })
      expect(rowsOf(strict)).toEqual([U, 8])
    }
  })

  it('takes recorded cells first, whole rows next, the finest of them, and OLDs in order', () => {
    const target = image({ rras: [{ pdpPerRow: 10, rows: [U, U, U] }] })
    const olds = [
      image({
        rras: [
          { rows: ten.slice(0, 8).map((value) => value * 100) },
          { pdpPerRow: 5, rows: [50, 60, 70, 80] },
          { pdpPerRow: 2, rows: [1, 2, 3, 4, 5] },
        ],
      }),
      image({ rras: [{ pdpPerRow: 10, rows: [U, 6000, U] }, { rows: ten }] }),
    ]
    const { report } = mergeInto(target, olds, { consolidate: true })
    expect(rowsOf(target)).toEqual([U, 6000, 3])
    expect(report.rras[0]?.sources).toEqual([
      { old: 1, cf: 'AVERAGE', span: 600, how: 'exact', cells: 1 },
      { old: 0, cf: 'AVERAGE', span: 120, how: 'consolidated', cells: 1 },
    ])
  })

  it('has each data source decide for itself', () => {
    const target = image({ ds: ['a', 'b'], rras: [{ pdpPerRow: 2, rows: [[U, 7]] }] })
    const old = image({
      ds: ['b', 'a'],
      rras: [
        {
          rows: [
            [1, 2],
            [3, 4],
          ],
        },
      ],
    })
    mergeInto(target, [old], { consolidate: true })
    expect(rowsOf(target)).toEqual([[3, 7]])
  })

  it('sums what it consolidates, and prefers it, as what was recorded', () => {
    for (const [policy, expected] of [
      ['sum', 103],
      ['prefer-old', 3],
      ['fill', 100],
    ] as const) {
      const target = coarse([100])
      mergeInto(target, [fine([1, 2, 3, 4, 5])], { consolidate: true, policy })
      expect(rowsOf(target)).toEqual([expected])
    }
  })
})
