import { describe, expect, it } from 'vitest'
import { type MergeOptions, mergeInto } from '../../src/merge/index.ts'
import { image, rowsOf, T, U } from './image.ts'

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

describe('expand', () => {
  const options: MergeOptions = { expand: true }

  it('repeats the coarse row that covers the finer one, the closest span first', () => {
    const target = image({ lastUpdate: T, rras: [{ rows: [U, U, U, 4, U] }] })
    const old = image({
      lastUpdate: T + 0,
      rras: [
        { pdpPerRow: 10, rows: [70, 80] },
        { pdpPerRow: 3, rows: [10, 20] },
      ],
    })
    const { report } = mergeInto(target, [old], options)
    expect(rowsOf(target)).toEqual([10, 10, 20, 4, 20])
    expect(report.warnings).toContainEqual(
      expect.objectContaining({ code: 'expanded', sourceSpan: 180, cells: 4 }),
    )
  })

  it('never replaces a known value, whatever the policy', () => {
    for (const policy of ['prefer-old', 'sum', 'max'] as const) {
      const target = image({ rras: [{ rows: [1, U] }] })
      mergeInto(target, [image({ rras: [{ pdpPerRow: 2, rows: [9] }] })], { expand: true, policy })
      expect(rowsOf(target)).toEqual([1, 9])
    }
  })

  it('says that of MAX it is a bound', () => {
    const target = image({ rras: [{ cf: 'MAX', rows: [U, U] }] })
    const { report } = mergeInto(target, [image({ rras: [{ cf: 'MAX', pdpPerRow: 2, rows: [9] }] })], options)
    expect(report.warnings.find(({ code }) => code === 'expanded')?.message).toBe(
      'MAX 60 s: 2 cells repeated from MAX 2 min, which is a bound only',
    )
  })
})

describe('resample', () => {
  it.each<[string, number, number[], number[]]>([
    // Target rows of 120 s end at T-240, T-120, T; source rows of 180 s at T-180, T.
    ['AVERAGE', 3, [10, 40], [10, 25, 40]],
    ['MIN', 3, [10, 40], [10, 10, 40]],
    ['MAX', 3, [10, 40], [10, 40, 40]],
    ['LAST', 3, [10, 40], [10, 10, 40]],
    ['AVERAGE', 3, [U, 40], [U, 40, 40]],
  ])('%s weighs the overlap', (cf, pdpPerRow, rows, expected) => {
    const target = image({ rras: [{ cf, pdpPerRow: 2, rows: [U, U, U] }] })
    mergeInto(target, [image({ rras: [{ cf, pdpPerRow, rows }] })], { resample: true })
    expect(rowsOf(target)).toEqual(expected)
  })

  it('keeps to xff on the seconds covered', () => {
    const target = image({ rras: [{ pdpPerRow: 2, xff: 0.4, rows: [U, U, U] }] })
    mergeInto(target, [image({ rras: [{ pdpPerRow: 3, rows: [U, 40] }] })], { resample: true })
    expect(rowsOf(target)).toEqual([U, U, 40])
  })
})

describe('derive-cf', () => {
  it('takes another CF of the same span only when asked, and says so', () => {
    const old = image({ rras: [{ rows: [1, 2] }, { cf: 'MAX', pdpPerRow: 5, rows: [3] }] })
    const fresh = () =>
      image({
        rras: [
          { cf: 'MAX', rows: [U, 9] },
          { cf: 'MAX', pdpPerRow: 5, rows: [U] },
        ],
      })
    const plain = fresh()
    mergeInto(plain, [old])
    expect(rowsOf(plain)).toEqual([U, 9])
    const target = fresh()
    const { report } = mergeInto(target, [old], { deriveCf: true })
    expect(rowsOf(target)).toEqual([1, 9])
    expect(report.rras[0]?.sources).toEqual([
      { old: 0, cf: 'AVERAGE', span: 60, how: 'derived-cf', cells: 1 },
    ])
    expect(report.warnings).toContainEqual(
      expect.objectContaining({ code: 'derived-cf', cf: 'MAX', sourceCf: 'AVERAGE' }),
    )
  })

  it('never makes an average of maxima, but a row of one data point is that point', () => {
    const target = () => image({ rras: [{ pdpPerRow: 5, rows: [U] }, { rows: [U] }] })
    const old = image({
      rras: [
        { cf: 'MAX', pdpPerRow: 5, rows: [3] },
        { cf: 'MAX', rows: [4] },
      ],
    })
    const made = target()
    mergeInto(made, [old], { deriveCf: true })
    expect([rowsOf(made, 0), rowsOf(made, 1)]).toEqual([[U], [4]])
  })

  it('consolidates across CFs only with both options', () => {
    const target = image({ rras: [{ cf: 'MAX', pdpPerRow: 5, rows: [U, U] }] })
    mergeInto(target, [image({ rras: [{ rows: ten }] })], { deriveCf: true, consolidate: true })
    expect(rowsOf(target)).toEqual([5, 10])
  })
})

describe('Holt-Winters archives', () => {
  it('fills predictions of the same span, never state that repeats', () => {
    const archives = (value: number) =>
      ['HWPREDICT', 'MHWPREDICT', 'DEVPREDICT', 'SEASONAL', 'DEVSEASONAL', 'FAILURES'].map((cf) => ({
        cf,
        rows: [value],
        xff: U,
      }))
    const target = image({ rras: archives(U) })
    const { report } = mergeInto(target, [image({ rras: archives(5) })])
    expect(target.header.archives.map((_, index) => rowsOf(target, index)[0])).toEqual([5, 5, 5, U, U, U])
    expect(report.stillUnknown).toBe(0)
    expect(report.warnings.map(({ code }) => code)).toEqual([
      'archive-cyclic',
      'archive-cyclic',
      'archive-cyclic',
    ])
  })

  it.each<MergeOptions>([
    { rangeCheck: true },
    { rangeCheck: true, seam: 'recompute' },
    { cut: T },
    { policy: 'max' },
  ])('leaves such state alone under %o', (options) => {
    const make = (value: number) =>
      image({
        ds: [{ name: 'a', maximum: 10 }],
        rras: [{ rows: [5] }, { cf: 'SEASONAL', rows: [value], xff: U }],
      })
    const target = make(50)
    mergeInto(target, [make(70)], options)
    expect(rowsOf(target, 1)).toEqual([50])
  })

  it('computes none of them from other spans', () => {
    const target = image({ rras: [{ cf: 'HWPREDICT', pdpPerRow: 2, rows: [U] }, { rows: [U] }] })
    const old = image({
      rras: [{ cf: 'HWPREDICT', rows: [1, 2] }, { cf: 'HWPREDICT', pdpPerRow: 4, rows: [1] }, { rows: [3] }],
    })
    mergeInto(target, [old], {
      consolidate: true,
      expand: true,
      resample: true,
      deriveCf: true,
      rangeCheck: true,
    })
    expect(rowsOf(target)).toEqual([U])
  })
})

describe('seam recompute', () => {
  const options: MergeOptions = { seam: 'recompute' }
  // Ten minutes; OLD knows the first six, NEW the rest, so the second coarse row holds two kinds.
  const files = (newCoarse: readonly number[], oldCoarse: readonly number[]) => ({
    target: image({
      rras: [{ pdpPerRow: 5, xff: 0.9, rows: newCoarse }, { rows: [U, U, U, U, U, U, 7, 8, 9, 10] }],
    }),
    old: image({
      lastUpdate: T - 240,
      rras: [{ pdpPerRow: 5, rows: oldCoarse }, { rows: [1, 2, 3, 4, 5, 6] }],
    }),
  })

  it('gives a half-known coarse row the value of all its finer rows, once', () => {
    const { target, old } = files([U, 8.5], [3])
    const { report } = mergeInto(target, [old], options)
    expect(rowsOf(target)).toEqual([3, 8])
    expect(report.rras[0]).toMatchObject({ filled: 1, replaced: 1, from: T - 300, to: T })
    expect(report.warnings).toContainEqual(
      expect.objectContaining({ code: 'seam-recomputed', span: 300, cells: 1, from: T, to: T }),
    )
    expect(mergeInto(target, [old], options).changed).toBe(false)
  })

  it("keeps NEW's by default", () => {
    const { target, old } = files([U, 8.5], [3])
    mergeInto(target, [old])
    expect(rowsOf(target)).toEqual([3, 8.5])
  })

  it('fills a coarse row that neither file could know', () => {
    const { target, old } = files([U, U], [3])
    mergeInto(target, [old], options)
    expect(rowsOf(target)).toEqual([3, 8])
  })

  it("leaves rows alone whose finer rows are one file's, unknown in part, or gone", () => {
    const own = image({ rras: [{ pdpPerRow: 5, rows: [100, 200] }, { rows: ten }] })
    mergeInto(own, [image({ rras: [{ rows: ten }] })], options)
    expect(rowsOf(own)).toEqual([100, 200])
    const partly = files([U, 8.5], [3])
    ;(partly.old.cells[1] as Float64Array)[5] = U
    mergeInto(partly.target, [partly.old], options)
    expect(rowsOf(partly.target)).toEqual([3, 8.5])
    const short = image({ rras: [{ pdpPerRow: 5, rows: [U, 8.5] }, { rows: [U, 8, 9, 10] }] })
    mergeInto(short, [image({ rras: [{ rows: ten }] })], options)
    expect(rowsOf(short)).toEqual([U, 8.5])
  })

  it('goes by each data source, and only inside the window', () => {
    const make = () =>
      image({
        ds: ['a', 'b'],
        rras: [
          { pdpPerRow: 2, rows: [[50, 60]] },
          {
            rows: [
              [U, 2],
              [3, 4],
            ],
          },
        ],
      })
    const old = image({
      ds: ['a', 'b'],
      rras: [
        {
          rows: [
            [1, 9],
            [9, 9],
          ],
        },
      ],
    })
    const target = make()
    mergeInto(target, [old], options)
    expect(rowsOf(target)).toEqual([[2, 60]])
    const outside = make()
    mergeInto(outside, [old], { ...options, to: T - 60 })
    expect(rowsOf(outside)).toEqual([[50, 60]])
  })
})
