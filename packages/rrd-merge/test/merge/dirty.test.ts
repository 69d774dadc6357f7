import { describe, expect, it } from 'vitest'
import { type MergeOptions, mergeInto } from '../../src/merge/index.ts'
import { image, T, U } from './image.ts'

const HEADER = 1000
const PAGE = 4096

describe('what changed, in a file of many pages', () => {
  it.each<[number, number, string[], MergeOptions]>([
    [1, 3000, ['a'], {}],
    [3, 1500, ['a', 'b', 'c'], {}],
    [3, 1500, ['c', 'b', 'a'], {}],
    [3, 1500, ['c', 'b', 'a'], { rangeCheck: true }],
    [600, 40, [], {}],
  ])('%i data sources, %i rows, OLD has %j, %o', (width, rowCount, olds, options) => {
    const ds = Array.from({ length: width }, (_, index) => (width < 4 ? 'abc'.charAt(index) : `d${index}`))
    const target = image({ ds, rras: [{ rows: table(rowCount, width, 1), currentRow: 777 % rowCount }] })
    const old = image({
      ds: olds.length === 0 ? ds : olds,
      rras: [{ rows: table(rowCount, width, 2), currentRow: 123 % rowCount }],
    })
    // Holes: the first cell by time, one in the middle, the last one.
    const cells = target.cells[0] as Float64Array
    const currentRow = 777 % rowCount
    const oldest = ((currentRow + 1) % rowCount) * width
    const holes = [oldest, 11 * width + (width - 1), currentRow * width + (width - 1)]
    for (const hole of holes) cells[hole] = U
    const before = target.bytes.slice()
    const { dirty, report } = mergeInto(target, [old], options)
    expect(report).toMatchObject({ filled: 3, stillUnknown: 0 })
    expect(report.rras[0]).toMatchObject({ from: T - (rowCount - 1) * 60, to: T })
    const pages = [...new Set(holes.map((hole) => Math.floor((HEADER + hole * 8) / PAGE)))].sort(
      (a, b) => a - b,
    )
    const covered = dirty.flatMap(({ start, end }) => {
      const first = Math.floor(start / PAGE)
      return Array.from({ length: Math.floor((end - 1) / PAGE) - first + 1 }, (_, index) => first + index)
    })
    expect(covered).toEqual(pages)
    expect(Math.min(...dirty.map(({ start }) => start))).toBeGreaterThanOrEqual(HEADER)
    expect(Math.max(...dirty.map(({ end }) => end))).toBeLessThanOrEqual(target.bytes.length)
    const changed = [...new Float64Array(target.bytes.slice(HEADER).buffer).entries()].filter(
      ([index, value]) => !Object.is(value, new DataView(before.buffer).getFloat64(HEADER + index * 8, true)),
    )
    expect(changed.map(([index]) => index)).toEqual(holes.sort((a, b) => a - b))
  })
})

const table = (rows: number, width: number, factor: number): number[][] =>
  Array.from({ length: rows }, (_, row) =>
    Array.from({ length: width }, (_, column) => (row * width + column) * factor),
  )
