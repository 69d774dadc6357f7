import { describe, expect, it } from 'vitest'
import { type MergeOptions, mergeInto } from '../../src/merge/index.ts'
import { image, rowsOf, T, U } from './image.ts'

const single = (rows: readonly number[]) => image({ rras: [{ rows }] })

function merged(mine: readonly number[], olds: readonly (readonly number[])[], options: MergeOptions) {
  const target = single(mine)
  const outcome = mergeInto(target, olds.map(single), options)
  return { ...outcome, rows: rowsOf(target) }
}

describe('policies on cells that both know', () => {
  const mine = [1, U, 3, U, 8]
  const first = [10, 20, U, U, 2]
  const second = [100, 200, 300, U, U]
  it.each<[MergeOptions, number[]]>([
    [{ policy: 'fill' }, [1, 20, 3, U, 8]],
    [{ policy: 'prefer-old' }, [10, 20, 300, U, 2]],
    [{ policy: 'sum' }, [111, 220, 303, U, 10]],
    [{ policy: 'sum', nan: 'zero' }, [111, 220, 303, U, 10]],
    [{ policy: 'sum', nan: 'propagate' }, [111, U, U, U, U]],
    [{ policy: 'avg' }, [37, 110, 151.5, U, 5]],
    [{ policy: 'avg', nan: 'propagate' }, [37, U, U, U, U]],
    [{ policy: 'max' }, [100, 200, 300, U, 8]],
    [{ policy: 'min' }, [1, 20, 3, U, 2]],
    [{ cut: T - 120 }, [10, 20, 300, U, 8]],
  ])('%o', (options, expected) => {
    expect(merged(mine, [first, second], options).rows).toEqual(expected)
  })

  it('counts what was filled, replaced and erased', () => {
    const { report } = merged(mine, [first], { policy: 'sum', nan: 'propagate' })
    expect(report.rras[0]).toMatchObject({
      filled: 0,
      replaced: 2,
      erased: 1,
      stillUnknown: 3,
      from: T - 240,
      to: T,
    })
    expect(report.warnings.map(({ code }) => code)).toEqual(['not-idempotent', 'erased'])
  })

  it('calls the sum of two maxima a bound', () => {
    const target = image({ rras: [{ cf: 'MAX', rows: [1] }] })
    const { report } = mergeInto(target, [image({ rras: [{ cf: 'MAX', rows: [2] }] })], { policy: 'sum' })
    expect(report.warnings.map(({ code }) => code)).toEqual(['not-idempotent', 'bounds-only'])
  })

  it('only fills predictions, which cannot be added up', () => {
    const target = image({ rras: [{ cf: 'HWPREDICT', rows: [1, U], xff: U }] })
    mergeInto(target, [image({ rras: [{ cf: 'HWPREDICT', rows: [5, 6], xff: U }] })], { policy: 'sum' })
    expect(rowsOf(target)).toEqual([1, 6])
  })

  it('leaves a data source that OLD does not have alone, also where the cut says OLD', () => {
    const target = image({ ds: ['a', 'b'], rras: [{ rows: [[1, 2]] }] })
    mergeInto(target, [image({ rras: [{ rows: [U] }] })], { cut: T })
    expect(rowsOf(target)).toEqual([[U, 2]])
  })

  it('leaves rows that OLD does not have alone under cut and propagate', () => {
    expect(merged([1, 2, 3], [[U]], { cut: T }).rows).toEqual([1, 2, U])
    expect(merged([1, 2, 3], [[5]], { policy: 'sum', nan: 'propagate' }).rows).toEqual([1, 2, 8])
  })

  it.each<MergeOptions>([{ policy: 'prefer-old' }, { cut: T - 60 }, { policy: 'max' }, { policy: 'min' }])(
    'has nothing to do the second time: %o',
    (options) => {
      const target = single(mine)
      const olds = [single(first), single(second)]
      expect(mergeInto(target, olds, options).changed).toBe(true)
      expect(mergeInto(target, olds, options).changed).toBe(false)
    },
  )
})

describe('windows', () => {
  it.each<[MergeOptions, number[]]>([
    [{ from: T - 120 }, [U, U, 3, 4, 5]],
    [{ from: T - 121 }, [U, U, 3, 4, 5]],
    [{ from: T - 119 }, [U, U, U, 4, 5]],
    [{ to: T - 120 }, [1, 2, 3, U, U]],
    [{ to: T - 121 }, [1, 2, U, U, U]],
    [{ from: T - 180, to: T - 60 }, [U, 2, 3, 4, U]],
    [{ from: T + 1 }, [U, U, U, U, U]],
    [{ to: T - 1000 }, [U, U, U, U, U]],
    [{ from: T - 90, to: T - 70 }, [U, U, U, U, U]],
  ])('%o bounds the ends of rows that may change', (options, expected) => {
    for (const extra of [{}, { policy: 'prefer-old' as const }]) {
      expect(merged([U, U, U, U, U], [[1, 2, 3, 4, 5]], { ...options, ...extra }).rows).toEqual(expected)
    }
  })

  it("keeps NEW's row where the cut falls inside it", () => {
    const target = image({ rras: [{ pdpPerRow: 5, rows: [1, U, 3] }] })
    const old = image({ rras: [{ pdpPerRow: 5, rows: [7, 8, 9] }] })
    mergeInto(target, [old], { cut: T - 400 })
    expect(rowsOf(target)).toEqual([7, U, 3])
  })
})
