import { type ArchiveDescription, CDP_SLOT, hasXff, RRA_SLOT } from '../format/index.ts'
import type { Archive, Rrd } from '../format/types.ts'
import { consolidatingReader, folder } from './consolidate.ts'
import { gridOf, rowAt } from './grid.ts'
import { cellAt, type SourceView, sourceView } from './row-reader.ts'

/**
 * Gives an archive that is being added what NEW itself knows: complete rows consolidated from NEW's finer archives of
 * the same CF, and the running row's state from its primary data points. Rows are in order, the last one last.
 */
export function consolidateOwn(archive: ArchiveDescription, target: Rrd): void {
  const { header } = target
  const width = archive.preps.length
  const columns = Int32Array.from({ length: width }, (_, column) =>
    column < header.dataSources.length ? column : -1,
  )
  const span = archive.pdpPerRow * header.step
  const shape = { cf: archive.cf, span, step: header.step, xff: archive.parameters.value(RRA_SLOT.xff) }
  const finer = header.archives
    .map((own, index) => ({ own, view: sourceView(target, index, columns) }))
    .filter(({ own }) => own.span < span && span % own.span === 0)
    .sort((a, b) => a.own.span - b.own.span)
  const readers = finer
    .filter(({ own }) => own.cf === archive.cf)
    .map(({ view }) => consolidatingReader(view, shape, true))
  const last = header.lastUpdate - (header.lastUpdate % span)
  const row = new Float64Array(width)
  for (let index = 0; index < archive.rowCount; index++) {
    const time = last - (archive.rowCount - 1 - index) * span
    if (readers.some((reader) => reader.read(time, row))) archive.cells.set(row, index * width)
  }
  const points = finer.find(({ own }) => own.pdpPerRow === 1 && hasXff(own.cf))
  if (points) startRow(archive, points.view, points.own, target, last)
}

/** cdp_prep as it would be had the archive been there since the running row began (rrd_update.c, update_cdp). */
function startRow(
  archive: ArchiveDescription,
  points: SourceView,
  own: Archive,
  { header }: Rrd,
  last: number,
): void {
  const fold = folder(archive.cf)
  const grid = gridOf(header, own)
  if (last + grid.span < grid.first) return
  archive.preps.forEach((prep, column) => {
    let value = Number.NaN
    let unknown = 0
    for (let time = last + grid.span; time <= grid.last; time += grid.span) {
      const cell = cellAt(points, rowAt(grid, time), column)
      if (Number.isNaN(cell)) unknown++
      else value = fold(value, cell, 1)
    }
    prep.setValue(CDP_SLOT.value, value).setCount(CDP_SLOT.unknownPdps, unknown)
  })
}
