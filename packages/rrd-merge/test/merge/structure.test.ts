import { describe, expect, it } from 'vitest'
import { pairStructure } from '../../src/merge/index.ts'
import { image, U } from './image.ts'

describe('structure', () => {
  const header = (options: Parameters<typeof image>[0]) => image(options).header

  it("takes over archives whose span is a multiple of NEW's step, the longest of each", () => {
    const target = header({ step: 300, rras: [{ rows: [U] }] })
    const olds = [
      header({
        rras: [{ rows: [U] }, { pdpPerRow: 10, rows: [U, U] }, { cf: 'HWPREDICT', pdpPerRow: 10, rows: [U] }],
      }),
      header({
        rras: [
          { pdpPerRow: 10, rows: [U, U, U] },
          { pdpPerRow: 5, rows: [U, U] },
        ],
      }),
    ]
    const { change } = pairStructure(target, olds, { addRra: true })
    expect(change?.archives).toEqual([{ old: 1, index: 0, rows: 3 }])
    expect(pairStructure(target, olds, { grow: true }).change?.rows).toEqual([2])
    expect(pairStructure(target, olds, {}).change).toBeNull()
  })

  it('takes over a COMPUTE only with all that its expression names', () => {
    const sum = (value: number) => ({ name: 'sum', type: 'COMPUTE', rpn: [{ op: 1, value }] })
    const target = header({ rras: [{ rows: [U] }] })
    const pair = (ds: Parameters<typeof image>[0]['ds'], mapDs = {}) =>
      pairStructure(target, [header({ ds: ds as [], rras: [{ rows: [(ds ?? []).map(() => U)] }] })], {
        addDs: true,
        mapDs,
      })
    expect(pair(['a', 'x', sum(1)]).dataSources[0]?.extra).toEqual([])
    // x is a's partner, so NEW gets no x of that name.
    const kept = pair(['x', sum(0)], { a: 'x' })
    expect(kept.change).toBeNull()
    expect(kept.dataSources[0]?.extra).toEqual(['sum'])
  })
})

describe('strict', () => {
  const target = image({ ds: ['a', 'b'], rras: [{ rows: [[U, U]] }, { pdpPerRow: 5, rows: [[U, U]] }] })

  it.each([
    ['a missing data source', image({ ds: ['a'], rras: [{ rows: [1] }, { pdpPerRow: 5, rows: [1] }] })],
    [
      'an extra data source',
      image({ ds: ['a', 'b', 'c'], rras: [{ rows: [[1, 1, 1]] }, { pdpPerRow: 5, rows: [[1, 1, 1]] }] }),
    ],
    ['a missing archive', image({ ds: ['a', 'b'], rras: [{ rows: [[1, 1]] }] })],
    [
      'an extra archive',
      image({
        ds: ['a', 'b'],
        rras: [{ rows: [[1, 1]] }, { pdpPerRow: 5, rows: [[1, 1]] }, { cf: 'MAX', rows: [[1, 1]] }],
      }),
    ],
    [
      'another step',
      image({
        step: 30,
        ds: ['a', 'b'],
        rras: [
          { pdpPerRow: 2, rows: [[1, 1]] },
          { pdpPerRow: 10, rows: [[1, 1]] },
        ],
      }),
    ],
    [
      'another type',
      image({
        ds: [{ name: 'a', type: 'COMPUTE' }, 'b'],
        rras: [{ rows: [[1, 1]] }, { pdpPerRow: 5, rows: [[1, 1]] }],
      }),
    ],
  ])('refuses %s', (_, old) => {
    expect(() => pairStructure(target.header, [old.header], { strict: true })).toThrow(
      expect.objectContaining({ code: 'EMISMATCH', message: expect.stringMatching(/^strict: /) }),
    )
    expect(() => pairStructure(target.header, [old.header])).not.toThrow()
  })

  it('lets equal structure pass, data sources in any order', () => {
    const old = image({ ds: ['b', 'a'], rras: [{ pdpPerRow: 5, rows: [[1, 1]] }, { rows: [[1, 1]] }] })
    expect(pairStructure(target.header, [old.header], { strict: true }).warnings).toEqual([])
  })
})
