import { describe, expect, it } from 'vitest'
import { type MergeOptions, mergeInto } from '../../src/merge/index.ts'
import { image, rowsOf, T, U } from './image.ts'

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
