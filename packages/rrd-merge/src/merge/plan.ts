import { rrdToBytes } from '../format/index.ts'
import type { Rrd } from '../format/types.ts'
import { copyRrd } from './copy-rrd.ts'
import { type MergeOutcome, mergeInto } from './merge-into.ts'
import type { MergeOptions } from './options.ts'
import type { MergeReport } from './report.ts'

/** What a merge would make of NEW. */
export interface Plan {
  /** False where NEW would stay as it is. */
  readonly changed: boolean
  readonly report: MergeReport
  /** The merged image. */
  readonly rrd: Rrd
}

/**
 * Plans a merge without touching its inputs.
 *
 * @param olds one, or several in the order in which they are asked
 * @throws RrdError ESWAPPED, EMISMATCH, EUSAGE
 */
export function planMerge(newRrd: Rrd, olds: Rrd | readonly Rrd[], options: MergeOptions = {}): Plan {
  const { rrd, changed, report }: MergeOutcome = mergeInto(
    copyRrd(newRrd),
    'header' in olds ? [olds] : olds,
    options,
  )
  return { changed, report, rrd }
}

/** The bytes of the merged file, in NEW's architecture and version. */
export function applyPlan(plan: Plan): Uint8Array {
  return rrdToBytes(plan.rrd)
}
