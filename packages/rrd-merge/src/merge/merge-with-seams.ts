import type { Archive } from '../format/types.ts'
import { ChangeLog } from './change-log.ts'
import { gridOf, rowAt } from './grid.ts'
import { mergeArchive } from './merge-archive.ts'
import type { MergeRun } from './merge-run.ts'
import { recomputeSeams, type SeamChange } from './seam.ts'

/**
 * Merges all archives and recomputes coarse rows at the seams. Only the outcome counts as a change: a cell that is
 * filled first and recomputed after, or that comes back to what it was, must not make a second merge see work to do.
 */
export function mergeWithSeams(run: MergeRun): { logs: ChangeLog[]; seams: SeamChange[] } {
  const { target, options } = run
  const { header, cells } = target
  const before = cells.map((view) => view.slice())
  const taken = cells.map(({ length }) => new Uint8Array(length))
  const scratch = { ...run, dirty: undefined }
  const merged = header.archives.map((_, index) => mergeArchive(scratch, index, taken[index]))
  const seams: SeamChange[] = []
  recomputeSeams(target, taken, options, (change) => {
    const { archive, cell, value } = change
    ;(cells[archive] as Float64Array)[cell] = value
    if (!Object.is(before[archive]?.[cell], value)) seams.push(change)
  })
  const logs = merged.map((log, index) => {
    const outcome = recount(run, index, before[index] as Float64Array)
    if (outcome.report().from !== null) outcome.sources = log.sources
    return outcome
  })
  return { logs, seams }
}

/** Puts an archive back to what it was and changes it again, cell by cell, to what it is. */
function recount({ target, dirty }: MergeRun, index: number, before: Float64Array): ChangeLog {
  const archive = target.header.archives[index] as Archive
  const cells = target.cells[index] as Float64Array
  const width = target.header.dataSources.length
  const after = cells.slice()
  cells.set(before)
  const log = new ChangeLog(archive, cells, dirty)
  const grid = gridOf(target.header, archive)
  for (let time = grid.first; time <= grid.last; time += grid.span) {
    const start = rowAt(grid, time) * width
    for (let cell = start; cell < start + width; cell++) {
      const value = after[cell] as number
      if (!Object.is(before[cell], value)) log.set(cell, value, time)
    }
  }
  return log
}
