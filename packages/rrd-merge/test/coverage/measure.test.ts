import { describe, expect, it } from 'vitest'
import { coverageOf } from '../../src/coverage/index.ts'
import { image, T, U } from '../merge/image.ts'

const gapsOf = (rows: (number | number[])[], ds: string[] = ['a'], currentRow?: number) => {
  const rra = currentRow === undefined ? { rows } : { rows, currentRow }
  const { archives } = coverageOf(image({ ds, rras: [rra] }), { columns: 0 })
  const first = T - (rows.length - 1) * 60
  return archives[0]?.gaps.map((gap) => ({
    rows: [(gap.from - first) / 60 + 1, (gap.to - first) / 60],
    is: `${gap.extent} ${gap.position}`,
    cells: gap.cells,
    ds: gap.dataSources.join(),
  }))
}

describe('gaps', () => {
  it.each([
    ['none', [1, 2, 0], []],
    ['a hole', [1, U, U, 2], [{ rows: [1, 2], is: 'all hole', cells: 2, ds: 'a' }]],
    ['before recording began', [U, 1], [{ rows: [0, 0], is: 'all before', cells: 1, ds: 'a' }]],
    ['since recording stopped', [1, U], [{ rows: [1, 1], is: 'all since', cells: 1, ds: 'a' }]],
    ['nothing known at all', [U, U], [{ rows: [0, 1], is: 'all whole', cells: 2, ds: 'a' }]],
    ['infinity and zero are known', [Number.POSITIVE_INFINITY, 0, -0], []],
    [
      'one row apart',
      [1, U, 1, U, 1],
      [
        { rows: [1, 1], is: 'all hole', cells: 1, ds: 'a' },
        { rows: [3, 3], is: 'all hole', cells: 1, ds: 'a' },
      ],
    ],
  ])('%s', (_, rows, expected) => {
    for (let currentRow = 0; currentRow < rows.length; currentRow++) {
      expect(gapsOf(rows, ['a'], currentRow)).toEqual(expected)
    }
  })

  it('tells an outage from a hole of single data sources around it', () => {
    const rows = [
      [1, 1, 1],
      [1, U, 1],
      [U, U, U],
      [1, 1, U],
      [1, 1, 1],
    ]
    expect(gapsOf(rows, ['a', 'b', 'c'])).toEqual([
      { rows: [1, 1], is: 'some hole', cells: 1, ds: 'b' },
      { rows: [2, 2], is: 'all hole', cells: 3, ds: 'a,b,c' },
      { rows: [3, 3], is: 'some hole', cells: 1, ds: 'c' },
    ])
  })

  it('names a data source that was never known instead of making one gap of the archive', () => {
    const rows = [
      [1, U],
      [U, U],
      [2, U],
    ]
    const [archive] = coverageOf(image({ ds: ['a', 'dead'], rras: [{ rows }] })).archives
    expect(archive?.neverKnown).toEqual(['dead'])
    expect(archive?.gaps).toMatchObject([{ rows: 1, cells: 1, extent: 'all', dataSources: ['a'] }])
    expect(archive).toMatchObject({ cells: 6, known: 2, firstKnown: T - 120, lastKnown: T })
  })

  it('keeps the longest of many, in order of time, and counts all', () => {
    const rows = Array.from({ length: 2000 }, (_, row) => (row % 2 === 0 ? 1 : U))
    for (const row of [500, 900, 901, 902, 1500]) rows[row] = U
    const [archive] = coverageOf(image({ rras: [{ rows }] }), { maxGaps: 3 }).archives
    expect(archive?.gaps.map((gap) => gap.rows)).toEqual([3, 5, 3])
    // 1000 odd rows are unknown; 500 and 1500 join two of them each, 900 to 902 three.
    expect(archive?.gapCount).toBe(1000 - 1 - 2 - 1)
  })
})

describe('figures', () => {
  it('leaves the state of seasons out of history', () => {
    const rras = [{ rows: [1, U] }, { cf: 'SEASONAL', rows: [U, U] }, { cf: 'FAILURES', rows: [1, 1] }]
    const coverage = coverageOf(image({ rras }))
    expect(coverage).toMatchObject({ cells: 2, known: 1, share: 0.5 })
    expect(coverage.archives[1]).toMatchObject({
      cyclic: true,
      firstRow: null,
      strip: [],
      gaps: [],
      known: 0,
    })
    expect(coverage.axis).toMatchObject({ from: T - 120, to: T })
  })

  it('gives row times on the grid of the span', () => {
    const rrd = image({ lastUpdate: T + 299, rras: [{ pdpPerRow: 5, rows: [U, 1, 1] }] })
    expect(coverageOf(rrd).archives[0]).toMatchObject({ firstRow: T - 600, lastRow: T, firstKnown: T - 300 })
  })

  it('has no strip and no axis where only state is kept', () => {
    const coverage = coverageOf(image({ rras: [{ cf: 'DEVSEASONAL', rows: [1] }] }))
    expect(coverage).toMatchObject({ cells: 0, share: 1, axis: { edges: [] } })
  })
})
