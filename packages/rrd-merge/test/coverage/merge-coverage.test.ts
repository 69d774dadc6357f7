import { describe, expect, it } from 'vitest'
import { measure, mergeCoverageOf } from '../../src/coverage/index.ts'
import { image, T, U } from '../merge/image.ts'

const of = (rows: (number | number[])[], lastUpdate = T, ds = ['a']) =>
  measure(image({ lastUpdate, ds, rras: [{ rows }] }))

describe('before, old and after', () => {
  it('counts the rows that know more, on one axis', () => {
    const coverage = mergeCoverageOf({
      before: of([U, U, U, 1]),
      olds: [of([1, 1, U, 1, 1], T - 120)],
      after: of([U, 1, U, 1]),
    })
    expect(coverage.archives[0]).toMatchObject({ gainedRows: 1, lostRows: 0, gainedCells: 1 })
    expect(coverage.axis).toMatchObject({ from: T - 7 * 60, to: T })
    expect(coverage).toMatchObject({ cells: 4, known: 2 })
    const [archive] = coverage.archives
    const lengths = [archive?.before, archive?.olds[0], archive?.after].map((one) => one?.strip.length)
    expect(new Set(lengths)).toEqual(new Set([coverage.axis.edges.length - 1]))
  })

  it('compares by row time where the result has more rows than NEW', () => {
    const coverage = mergeCoverageOf({ before: of([U, 1]), olds: [], after: of([1, U, 1, 1]) })
    expect(coverage.archives[0]).toMatchObject({ gainedRows: 2, lostRows: 0 })
  })

  it('counts what a range check took', () => {
    const coverage = mergeCoverageOf({ before: of([1, 1]), olds: [], after: of([1, U]) })
    expect(coverage.archives[0]).toMatchObject({ gainedRows: 0, lostRows: 1, gainedCells: -1 })
  })

  it('pairs archives by CF and span, each once', () => {
    const twice = { rras: [{ rows: [1] }, { rows: [1, 1] }, { pdpPerRow: 5, rows: [1] }] }
    const old = measure(image({ rras: [{ cf: 'MAX', rows: [1] }, { rows: [U, U, U] }] }))
    const { archives } = mergeCoverageOf({
      before: measure(image(twice)),
      olds: [old],
      after: measure(image(twice)),
    })
    expect(archives.map(({ before }) => before?.rows)).toEqual([1, 2, 1])
    expect(archives.map(({ olds }) => olds[0]?.rows)).toEqual([3, undefined, undefined])
  })
})
