import { isCyclicState } from '../format/index.ts'
import type { Archive } from '../format/types.ts'
import type { ChangeLog } from './change-log.ts'
import { fillArchive } from './fill-archive.ts'
import { mergeRows } from './merge-rows.ts'
import type { MergeRun } from './merge-run.ts'

/**
 * Merges one archive of the target the fastest way its options allow.
 *
 * @param taken gets `ALL` for each cell in which an OLD has a say
 */
export function mergeArchive(run: MergeRun, index: number, taken?: Uint8Array): ChangeLog {
  const { cf } = run.target.header.archives[index] as Archive
  // Cyclic state has no sources, and no option may touch it.
  if (isCyclicState(cf) || (taken === undefined && isPlainFill(run, index))) return fillArchive(run, index)
  return mergeRows(run, index, taken)
}

/** Whether the founding rule and rows of equal span are all there is to it: then runs of cells are compared. */
function isPlainFill({ pairing, options }: MergeRun, index: number): boolean {
  const { policy = 'fill', granularity, cut, onlyGapsLongerThan, rangeCheck } = options
  return (
    policy === 'fill' &&
    granularity !== 'row' &&
    cut === undefined &&
    onlyGapsLongerThan === undefined &&
    rangeCheck !== true &&
    (pairing.sources[index] ?? []).every((sources) =>
      sources.every(({ how, spans }) => how === 'exact' && spans === 'exact'),
    )
  )
}
