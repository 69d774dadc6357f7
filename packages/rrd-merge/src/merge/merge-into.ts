import { cellsEnd, isCyclicState } from '../format/index.ts'
import type { Rrd } from '../format/types.ts'
import { ChangeLog } from './change-log.ts'
import { type ByteRange, DirtyPages } from './dirty-pages.ts'
import { fillArchive } from './fill-archive.ts'
import { mergeRows } from './merge-rows.ts'
import type { MergeRun } from './merge-run.ts'
import type { MergeOptions } from './options.ts'
import { pairStructure } from './pair-structure.ts'
import type { MergeReport } from './report.ts'
import { reportMerge } from './report-merge.ts'
import { restructure } from './restructure.ts'
import { recomputeSeams, type SeamChange } from './seam.ts'

export interface MergeOutcome {
  /** The merged image: the target itself, or a new one where the structure changed. */
  readonly rrd: Rrd
  /** False where the target's bytes are what they were: nothing to write. */
  readonly changed: boolean
  /** What differs from the target's bytes, in pages of 4 KiB; the whole image where the structure changed. */
  readonly dirty: readonly ByteRange[]
  readonly report: MergeReport
}

/**
 * Merges OLDs into the target's cells, in place. The header never changes, and of the cells only those that take a value;
 * options that change the structure give a new image instead and leave the target as it is.
 * @throws RrdError ESWAPPED, EMISMATCH, EUSAGE before anything changes.
 */
export function mergeInto(target: Rrd, olds: readonly Rrd[], options: MergeOptions = {}): MergeOutcome {
  const oldHeaders = olds.map(({ header }) => header)
  const pairing = pairStructure(target.header, oldHeaders, options)
  const image = pairing.change ? restructure(target, olds, pairing.change) : target
  const dirty = new DirtyPages(image.header.length, cellsEnd(image.header))
  const run: MergeRun = { target: image, olds, pairing, options, dirty }
  const { logs, seams } = mergeCells(run)
  const report = reportMerge(run, logs, seams)
  if (pairing.change)
    return { rrd: image, changed: true, dirty: [{ start: 0, end: image.bytes.length }], report }
  const changed = report.filled + report.replaced + report.erased > 0
  return { rrd: image, changed, dirty: dirty.ranges(), report }
}

function mergeCells(run: MergeRun): { logs: ChangeLog[]; seams: SeamChange[] } {
  const { target, options, dirty } = run
  const recompute = options.seam === 'recompute'
  const taken = recompute ? target.cells.map(({ length }) => new Uint8Array(length)) : []
  const logs = target.header.archives.map((archive, index) => {
    if (isCyclicState(archive.cf)) return new ChangeLog(archive, target.cells[index] as Float64Array, dirty)
    return isPlainFill(run, index) ? fillArchive(run, index) : mergeRows(run, index, taken[index])
  })
  const seams: SeamChange[] = []
  if (recompute) {
    recomputeSeams(target, taken, options, (change) => {
      const { archive, cell, value, time } = change
      const log = logs[archive] as ChangeLog
      if (Object.is(log.cells[cell], value)) return
      log.set(cell, value, time)
      seams.push(change)
    })
  }
  return { logs, seams }
}

/** Whether the founding rule and rows of equal span are all there is to an archive: then runs of cells are compared. */
function isPlainFill({ pairing, options }: MergeRun, index: number): boolean {
  const { policy = 'fill', granularity, cut, onlyGapsLongerThan, rangeCheck, seam } = options
  return (
    policy === 'fill' &&
    granularity !== 'row' &&
    cut === undefined &&
    onlyGapsLongerThan === undefined &&
    rangeCheck !== true &&
    seam !== 'recompute' &&
    (pairing.sources[index] ?? []).every((sources) =>
      sources.every(({ how, spans }) => how === 'exact' && spans === 'exact'),
    )
  )
}
