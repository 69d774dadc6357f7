import { describe, expect, it } from 'vitest'
import { type MergeOptions, mergeInto } from '../../src/merge/index.ts'
import { image, rowsOf, T, U } from './image.ts'

const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

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
