import type { Archive } from '../format/types.ts'
import { ChangeLog } from './change-log.ts'
import { fillSegment } from './fill-segment.ts'
import { gridOf, within } from './grid.ts'
import type { MergeRun } from './merge-run.ts'
import type { DataSourcePairing } from './pair-data-sources.ts'
import type { SourceReport } from './report.ts'
import { segmentsOf } from './segments.ts'
import { addUpSources } from './source-reports.ts'

/**
 * Fills one archive by the founding rule from archives of the same span: OLDs in the order given, each one's best first.
 * The kernels work on runs of cells, so this goes at the speed of memory.
 */
export function fillArchive({ target, olds, pairing, options, dirty }: MergeRun, index: number): ChangeLog {
  const archive = target.header.archives[index] as Archive
  const width = target.header.dataSources.length
  const grid = gridOf(target.header, archive)
  const window = within(grid, options.from, options.to)
  const log = new ChangeLog(archive, target.cells[index] as Float64Array, dirty)
  const sources: SourceReport[] = []
  olds.forEach(({ header, cells }, old) => {
    const dataSources = pairing.dataSources[old] as DataSourcePairing
    for (const { index: partner, how } of pairing.sources[index]?.[old] ?? []) {
      if (log.unknown === 0) return
      const theirs = header.archives[partner] as Archive
      const source = { cells: cells[partner] as Float64Array, width: header.dataSources.length }
      let filled = 0
      for (const segment of segmentsOf(grid, gridOf(header, theirs), window)) {
        filled += fillSegment({ cells: log.cells, width }, source, dataSources, segment, grid.span, log)
      }
      sources.push({ old, cf: theirs.cf, span: theirs.span, how, cells: filled })
    }
  })
  log.sources = addUpSources(sources)
  return log
}
