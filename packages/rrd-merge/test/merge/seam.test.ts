import { describe, expect, it } from 'vitest'
import { type MergeOptions, mergeInto } from '../../src/merge/index.ts'
import { image, rowsOf, T, U } from './image.ts'

const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

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

  it('goes up from a row that was recomputed to the next coarser one, in the first merge as in a second', () => {
    const target = image({
      rras: [
        { cf: 'MAX', pdpPerRow: 6, rows: [0] },
        { cf: 'MAX', pdpPerRow: 3, xff: 0.8, rows: [0, U] },
        { cf: 'MAX', rows: [U, 0, 0] },
      ],
    })
    // Both rows of 180 s are guessed from these, so that OLD has a say in all of them; one is then recomputed.
    const old = image({ lastUpdate: T - 60, rras: [{ rows: [0, 5, 0] }] })
    const guessing: MergeOptions = { ...options, policy: 'prefer-old', consolidate: true, deriveCf: true }
    mergeInto(target, [old], guessing)
    expect(target.cells.map((cells) => [...cells])).toEqual([[5], [0, 5], [5, 0, 0]])
    expect(mergeInto(target, [old], guessing).changed).toBe(false)
  })
})
