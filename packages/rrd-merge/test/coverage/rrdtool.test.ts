import './utc.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { coverageOf, fileCoverageText, measure, mergeCoverageText } from '../../src/coverage/index.ts'
import { physicalRow, type Rrd, rowTime } from '../../src/format/index.ts'
import { makeRealFiles, openFile, type RealFiles } from './real-files.ts'

interface DumpedRow {
  readonly time: number
  readonly known: number
}

let files: RealFiles
let dumped: DumpedRow[][]
beforeAll(async () => {
  files = await makeRealFiles()
  dumped = rowsOfDump(await files.rrdtool.dump(files.oldFile))
})
afterAll(() => files.remove())

/** Row times and known values by rrdtool's own account. */
function rowsOfDump(xml: string): DumpedRow[][] {
  return xml
    .split('<rra>')
    .slice(1)
    .map((rra) =>
      [...rra.matchAll(/\/ (\d+) --> <row>(.*?)<\/row>/g)].map(([, time, row]) => ({
        time: Number(time),
        known: [...(row as string).matchAll(/<v>([^<]*)<\/v>/g)].filter(([, value]) => value !== 'NaN')
          .length,
      })),
    )
}

/** Share known of each column, by the rows that overlap it. */
function sharesOfDump(rows: readonly DumpedRow[], span: number, edges: readonly number[]): (number | null)[] {
  return edges.slice(1).map((to, column) => {
    const from = edges[column] as number
    let total = 0
    let known = 0
    for (const row of rows) {
      const overlap = Math.min(row.time, to) - Math.max(row.time - span, from)
      if (overlap <= 0) continue
      total += 2 * overlap
      known += row.known * overlap
    }
    return total === 0 ? null : known / total
  })
}

describe('beside rrdtool dump', () => {
  it('finds the same rows and known cells', () => {
    const { archives } = coverageOf(openFile(files.oldFile))
    const found = archives.map(({ rows, firstRow, lastRow, known }) => ({ rows, firstRow, lastRow, known }))
    const expected = dumped.map((rows) => ({
      rows: rows.length,
      firstRow: rows[0]?.time,
      lastRow: rows.at(-1)?.time,
      known: rows.reduce((sum, row) => sum + row.known, 0),
    }))
    expect(found).toEqual(expected)
    expect(found.every(({ known }) => known > 0)).toBe(true)
  })

  it('gives each column the share that its rows have', () => {
    const { axis, archives } = coverageOf(openFile(files.oldFile), { columns: 75 })
    archives.forEach(({ strip, span }, index) => {
      expect(strip).toEqual(sharesOfDump(dumped[index] as DumpedRow[], span, axis.edges))
    })
  })

  it('says the gaps that were left in the readings', () => {
    const { archives } = coverageOf(openFile(files.newFile))
    const outage = Date.UTC(2025, 10, 19, 13) / 1000
    // The reading that ends an outage comes after the heartbeat: the row before it is lost too.
    expect(archives[0]?.gaps).toMatchObject([{ from: outage, rows: 181, position: 'before' }])
    expect(archives[1]?.gaps.at(-1)).toMatchObject({
      from: outage,
      to: outage + 3 * 3600,
      rows: 6,
      extent: 'all',
    })
    const old = coverageOf(openFile(files.oldFile)).archives[3]
    const partial = old?.gaps.filter((gap) => gap.extent === 'some')
    expect(partial).toMatchObject([{ rows: 8, cells: 8, dataSources: ['out'] }])
  })
})

describe('the strip in a terminal', () => {
  const style = { columns: 100, unicode: false, color: false }

  it('draws known, partial and unknown columns as the dump has them', () => {
    const text = fileCoverageText(files.oldFile, measure(openFile(files.oldFile)), style)
    const lines = text.split('\n').filter((line) => /^(AVERAGE|MAX)/.test(line))
    const strips = lines.map((line) => line.slice(20, 92))
    const { axis, archives } = coverageOf(openFile(files.oldFile), { columns: 72 })
    const expected = archives.map(({ span }, index) =>
      sharesOfDump(dumped[index] as DumpedRow[], span, axis.edges)
        .map(markOf)
        .join(''),
    )
    expect(strips).toEqual(expected)
    for (const mark of '#+-. ') expect(strips.join('')).toContain(mark)
  })

  it('shows what a merge gave, and what is still missing', () => {
    const image = openFile(files.newFile)
    const old = openFile(files.oldFile)
    const before = measure(image)
    const gained = fillFrom(image, old)
    const text = mergeCoverageText(
      'router.rrd',
      { before, olds: [measure(old)], after: measure(image) },
      style,
    )
    for (const rows of gained.filter((count) => count > 0)) expect(text).toContain(`+${rows} row`)
    expect(text).toContain('gap 12 Oct 12:00 - 17 Oct 12:00')
    expect(text).toMatch(/^AVERAGE {3}6h {2}100d {2}new .*\n {20}old .*\n {20}after .* %$/m)
  })
})

function markOf(share: number | null): string {
  if (share === null) return ' '
  if (share === 1 || share === 0) return share === 1 ? '#' : '.'
  return share < 0.5 ? '-' : '+'
}

/** The founding rule, spelled out; the rows per archive that gained something. */
function fillFrom(image: Rrd, old: Rrd): number[] {
  return image.header.archives.map((archive, index) => {
    const cells = image.cells[index] as Float64Array
    const rows = new Set<number>()
    for (let cell = 0; cell < cells.length; cell++) {
      const row = Math.floor(cell / 2)
      const partner = old.header.archives[index] as typeof archive
      const from = physicalRow(partner, old.header, rowTime(archive, image.header, row))
      const value = from < 0 ? Number.NaN : (old.cells[index] as Float64Array)[from * 2 + (cell % 2)]
      if (!Number.isNaN(cells[cell]) || value === undefined || Number.isNaN(value)) continue
      cells[cell] = value
      rows.add(row)
    }
    return rows.size
  })
}
