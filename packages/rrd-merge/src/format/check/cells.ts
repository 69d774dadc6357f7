import { hasXff } from '../consolidation.ts'
import type { Archive, DataSource, Rrd } from '../types.ts'
import { type Finding, type FindingCode, type Severity, shown } from './finding.ts'

interface Column {
  infinite: number
  outside: number
  first: number
}

const scan = (cells: Float64Array, dsCount: number, d: number, ds: DataSource): Column => {
  const column = { infinite: 0, outside: 0, first: -1 }
  for (let i = d; i < cells.length; i += dsCount) {
    const value = cells[i] as number
    const infinite = value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY
    const outside = value < ds.minimum || value > ds.maximum
    if (infinite) column.infinite++
    else if (outside) column.outside++
    if ((infinite || outside) && column.first < 0) column.first = i
  }
  return column
}

const isUnknown = (cells: Float64Array): boolean => {
  for (const value of cells) if (!Number.isNaN(value)) return false
  return true
}

const columnFindings = (
  cells: Float64Array,
  archive: Archive,
  r: number,
  d: number,
  ds: DataSource,
  dsCount: number,
  at: string,
): Finding[] => {
  const { infinite, outside, first } = scan(cells, dsCount, d, ds)
  const found = (code: FindingCode, severity: Severity, why: string): Finding => ({
    code,
    severity,
    message: `${at}, data source ${shown(ds.name)}: ${why}`,
    offset: archive.offset + 8 * first,
    dataSource: ds.name,
    archive: r,
  })
  return [
    ...(infinite > 0 ? [found('cells-infinite', 'warning', `infinite cells: ${infinite}`)] : []),
    ...(outside > 0
      ? [found('cells-out-of-bounds', 'note', `cells outside ${ds.minimum} to ${ds.maximum}: ${outside}`)]
      : []),
  ]
}

/** The cells of archives that hold rates: known at all, finite, within the bounds of their data source. */
export const checkCells = (rrd: Rrd): Finding[] => {
  const findings: Finding[] = []
  const { dataSources, archives } = rrd.header
  for (const [r, archive] of archives.entries()) {
    const cells = rrd.cells[r] as Float64Array
    const at = `archive ${r} ${shown(archive.cf)} of ${archive.span} s`
    if (isUnknown(cells)) {
      const message = `${at}: every cell is unknown`
      findings.push({
        code: 'archive-unknown',
        severity: 'note',
        message,
        offset: archive.offset,
        archive: r,
      })
    } else if (hasXff(archive.cf)) {
      for (const [d, ds] of dataSources.entries())
        findings.push(...columnFindings(cells, archive, r, d, ds, dataSources.length, at))
    }
  }
  return findings
}
