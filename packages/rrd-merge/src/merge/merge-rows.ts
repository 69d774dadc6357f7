import { hasXff } from '../format/index.ts'
import type { Archive } from '../format/types.ts'
import { ChangeLog } from './change-log.ts'
import { boundsCheck, channelsFor } from './channels.ts'
import { decisionFor, hasSay } from './decide.ts'
import { areUnknown, longGaps } from './gaps.ts'
import { gridOf, rowAt, within } from './grid.ts'
import { Listener } from './listener.ts'
import type { MergeRun } from './merge-run.ts'
import { isCombining, type MergeOptions, type Policy } from './options.ts'
import { ALL } from './seam.ts'
import { addUpSources } from './source-reports.ts'

/**
 * Merges one archive row by row: every rule that asks more than the founding one does. Linear in the rows of target
 * and sources.
 *
 * @param taken gets `ALL` for each cell in which an OLD has a say
 */
export function mergeRows(run: MergeRun, index: number, taken?: Uint8Array): ChangeLog {
  const { target, options } = run
  const archive = target.header.archives[index] as Archive
  const cells = target.cells[index] as Float64Array
  const width = target.header.dataSources.length
  const grid = gridOf(target.header, archive)
  const window = within(grid, options.from, options.to)
  const gap = options.onlyGapsLongerThan
  const outside = options.rangeCheck === true ? boundsCheck(target.header.dataSources) : () => false
  // A value that the range check is about to take away counts as unknown, or a second merge would find more to do.
  const isUnknown = (cell: number) =>
    Number.isNaN(cells[cell]) || outside(cells[cell] as number, cell % width)
  const policy = policyFor(archive, options)
  const rules = { ...options, policy }
  const decide = decisionFor(rules)
  const wholeRows = options.granularity === 'row'
  const fillable = gap === undefined ? undefined : longGaps(grid, width, gap, isUnknown, wholeRows)
  const channels = channelsFor(run, index, policy)
  const listeners = channels.map((channel) => new Listener(channel, width, wholeRows, outside))
  const voices = listeners.map((listener) => listener.voice(0))
  const log = new ChangeLog(archive, cells, run.dirty)
  const onlyFills = policy === 'fill' && options.cut === undefined && options.rangeCheck !== true

  for (let time = window.first; time <= window.last; time += grid.span) {
    const start = rowAt(grid, time) * width
    if (onlyFills && isKnown(cells, start, width)) continue
    const open = !wholeRows || areUnknown(start, width, isUnknown)
    if (open) for (const listener of listeners) listener.hear(time)
    for (let column = 0; column < width; column++) {
      const at = start + column
      const mine = cells[at] as number
      const allowed = outside(mine, column) ? Number.NaN : mine
      let value = allowed
      if (open && (fillable === undefined || fillable[at] === 1)) {
        for (let index = 0; index < listeners.length; index++) {
          voices[index] = (listeners[index] as Listener).voice(column)
        }
        value = decide(allowed, voices, time)
        if (outside(value, column)) value = Number.NaN
        if (taken && hasSay(rules, allowed, voices, time)) taken[at] = ALL
      }
      if (Object.is(mine, value)) continue
      log.set(at, value, time)
      if (Object.is(allowed, value)) continue
      for (const listener of listeners) listener.credit(column)
    }
  }
  log.sources = addUpSources(channels.flat())
  return log
}

/** Predictions can't be added up or compared: Holt-Winters archives are filled. */
function policyFor({ cf }: Archive, { policy = 'fill' }: MergeOptions): Policy {
  return isCombining(policy) && !hasXff(cf) ? 'fill' : policy
}

function isKnown(cells: Float64Array, start: number, width: number): boolean {
  for (let index = start; index < start + width; index++) {
    if (Number.isNaN(cells[index] as number)) return false
  }
  return true
}
