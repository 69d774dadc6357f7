import type { Rrd } from '../format/types.ts'
import { gridOf, rowAt, within } from './grid.ts'
import type { MergeWarning } from './warnings.ts'

/** Whether a remark on lost history is about rows in which OLD knows nothing, so that nothing is lost. */
export function isEmptyLoss(remark: MergeWarning, olds: readonly Rrd[]): boolean {
  if (remark.code !== 'history-dropped' && remark.code !== 'archive-dropped') return false
  const { old, cf, span, from, to } = remark
  const rrd = olds[old as number]
  if (!rrd) return false
  return rrd.header.archives.every((archive, index) => {
    if (archive.cf !== cf || archive.span !== span) return true
    return isUnknownBetween(rrd, index, from as number, to as number)
  })
}

function isUnknownBetween({ header, cells }: Rrd, index: number, from: number, to: number): boolean {
  const archive = header.archives[index]
  const values = cells[index]
  if (!archive || !values) return true
  const width = header.dataSources.length
  const grid = gridOf(header, archive)
  const { first, last } = within(grid, from, to)
  for (let time = first; time <= last; time += grid.span) {
    const start = rowAt(grid, time) * width
    for (let cell = start; cell < start + width; cell++) {
      if (!Number.isNaN(values[cell] as number)) return false
    }
  }
  return true
}
