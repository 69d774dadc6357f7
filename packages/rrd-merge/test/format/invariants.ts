import { expect } from 'vitest'
import {
  cellsEnd,
  decodeHeader,
  firstRowTime,
  lastRowTime,
  physicalRow,
  type Rrd,
  rowRuns,
  rowTime,
  rrdToBytes,
} from '../../src/format/index.ts'

/**
 * What holds for every image, whoever made it: header and bytes say the same, cells are views that tile the cell area
 * in order, every row has a time of its own, a span apart.
 */
export const expectValidRrd = (rrd: Rrd): void => {
  const { header, bytes, cells } = rrd
  expect(decodeHeader(rrdToBytes(rrd))).toEqual(header)
  expect(cells).toHaveLength(header.archives.length)
  let offset = header.length
  for (const [r, archive] of header.archives.entries()) {
    const view = cells[r] as Float64Array
    expect(view.buffer).toBe(bytes.buffer)
    expect(archive.offset).toBe(offset)
    expect(view.byteOffset).toBe(bytes.byteOffset + archive.offset)
    expect(view.length).toBe(archive.rowCount * header.dataSources.length)
    offset += view.byteLength
    expect(archive.span).toBe(archive.pdpPerRow * header.step)
    expectRows(rrd, r)
  }
  expect(cellsEnd(header)).toBe(offset)
  expect(offset).toBeLessThanOrEqual(bytes.length)
}

const expectRows = ({ header }: Rrd, r: number): void => {
  const archive = header.archives[r] as Rrd['header']['archives'][number]
  expect(archive.currentRow).toBeGreaterThanOrEqual(0)
  expect(archive.currentRow).toBeLessThan(archive.rowCount)
  expect(rowTime(archive, header, archive.currentRow)).toBe(lastRowTime(archive, header))
  expect(lastRowTime(archive, header)).toBeLessThanOrEqual(header.lastUpdate)
  expect(header.lastUpdate - lastRowTime(archive, header)).toBeLessThan(archive.span)
  let time = firstRowTime(archive, header)
  let rows = 0
  for (const run of rowRuns(archive, header)) {
    expect(run.time).toBe(time)
    for (let row = run.start; row < run.end; row++, rows++, time += archive.span) {
      if (rowTime(archive, header, row) !== time || physicalRow(archive, header, time) !== row) {
        expect.fail(`archive ${r}, row ${row}: not at ${time}`)
      }
    }
  }
  expect(rows).toBe(archive.rowCount)
}
