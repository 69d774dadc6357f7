import { isCyclicState } from '../format/index.ts'
import type { Archive, Rrd } from '../format/types.ts'
import { ChangeLog } from './change-log.ts'
import type { DirtyPages } from './dirty-pages.ts'
import { countUnknown, fillSegment } from './fill-segment.ts'
import { gridOf, within } from './grid.ts'
import type { MergeOptions } from './options.ts'
import type { StructurePairing } from './pair-structure.ts'
import type { ArchiveReport, SourceReport } from './report.ts'
import { segmentsOf } from './segments.ts'

/** One merge under way. */
export interface MergeRun {
  readonly target: Rrd
  readonly olds: readonly Rrd[]
  readonly pairing: StructurePairing
  readonly options: MergeOptions
  readonly dirty: DirtyPages
}

/** Fills one archive by the founding rule: OLDs in the order given, each one's archives best first. */
export function fillArchive(run: MergeRun, index: number): ArchiveReport {
  const { target, olds, pairing, options, dirty } = run
  const archive = target.header.archives[index] as Archive
  const mine = { cells: target.cells[index] as Float64Array, width: target.header.dataSources.length }
  const grid = gridOf(target.header, archive)
  const window = within(grid, options.from, options.to)
  const log = new ChangeLog(archive, dirty)
  const sources: SourceReport[] = []
  let unknown = isCyclicState(archive.cf) ? 0 : countUnknown(mine.cells)
  olds.forEach((old, position) => {
    for (const { index: partner, how } of pairing.sources[index]?.[position] ?? []) {
      if (unknown === 0) return
      const dataSources = pairing.dataSources[position] as StructurePairing['dataSources'][number]
      const { cf, span } = old.header.archives[partner] as Archive
      const theirs = { cells: old.cells[partner] as Float64Array, width: old.header.dataSources.length }
      const theirGrid = gridOf(old.header, old.header.archives[partner] as Archive)
      let cells = 0
      for (const segment of segmentsOf(grid, theirGrid, window)) {
        cells += fillSegment(mine, theirs, dataSources, segment, span, log)
      }
      unknown -= cells
      if (cells > 0) sources.push({ old: position, cf, span, how, cells })
    }
  })
  return reportArchive(archive, log, unknown, sources)
}

export function reportArchive(
  { cf, span, rowCount: rows }: Archive,
  { filled, replaced, erased, from, to }: ChangeLog,
  stillUnknown: number,
  sources: readonly SourceReport[],
): ArchiveReport {
  return { cf, span, rows, filled, replaced, erased, stillUnknown, from, to, sources }
}
