import { describe, expect, it } from 'vitest'
import {
  type Archive,
  firstRowTime,
  lastRowTime,
  oldestRow,
  physicalRow,
  type RrdHeader,
  rowRuns,
  rowTime,
} from '../../src/format/index.ts'

const archive: Archive = {
  cf: 'AVERAGE',
  rowCount: 4,
  pdpPerRow: 5,
  span: 300,
  xff: 0.5,
  currentRow: 1,
  offset: 0,
}

const header = (lastUpdate: number): RrdHeader => ({
  architecture: 'le64',
  version: 3,
  step: 60,
  lastUpdate,
  lastUpdateUsec: 0,
  dataSources: [],
  archives: [archive],
  length: 0,
})

describe('a ring of 4 rows of 300 s, row 1 written last at 12:03:20', () => {
  const h = header(1_700_000_000)
  const last = 1_699_999_800

  it('gives every row the end of its interval', () => {
    expect(lastRowTime(archive, h)).toBe(last)
    expect(firstRowTime(archive, h)).toBe(last - 900)
    expect(oldestRow(archive)).toBe(2)
    expect([0, 1, 2, 3].map((row) => rowTime(archive, h, row))).toEqual([
      last - 300,
      last,
      last - 900,
      last - 600,
    ])
  })

  it('finds the row of a time, and none off the grid or outside', () => {
    expect([last - 900, last - 600, last - 300, last].map((time) => physicalRow(archive, h, time))).toEqual([
      2, 3, 0, 1,
    ])
    for (const time of [last - 1200, last + 300, last - 1, last - 899, Number.NaN]) {
      expect(physicalRow(archive, h, time)).toBe(-1)
    }
  })

  it('walks the rows by time in runs', () => {
    expect(rowRuns(archive, h)).toEqual([
      { start: 2, end: 4, time: last - 900 },
      { start: 0, end: 2, time: last - 300 },
    ])
    expect(rowRuns({ ...archive, currentRow: 3 }, h)).toEqual([{ start: 0, end: 4, time: last - 900 }])
  })

  it('ends a row exactly at an update on the grid', () => {
    expect(lastRowTime(archive, header(1_699_999_800))).toBe(last)
    expect(lastRowTime(archive, header(1_699_999_799))).toBe(last - 300)
  })

  it('reaches back before 1970 in a file that was just made', () => {
    expect(firstRowTime(archive, header(0))).toBe(-900)
  })
})
