import { closeSync } from 'node:fs'
import type { Replacement } from '@nightshift/tooling/files'
import type { MergeOutcome } from '../merge/index.ts'
import type { Warning } from '../report/warning.ts'
import type { MergeJob, Pair } from './job.ts'
import { lateWarning } from './late-warning.ts'
import type { PairTools } from './merge-pair.ts'
import { writing } from './pair-report.ts'
import type { Place } from './place.ts'
import { stage } from './stage.ts'
import type { Target } from './target.ts'

export interface ResultToWrite {
  readonly pair: Pair
  readonly target: Target
  readonly outcome: MergeOutcome
  readonly job: MergeJob
  readonly tools: PairTools
}

export interface Written {
  /** NEW's structure changed meanwhile and nothing was written: read and merge again. */
  readonly again: boolean
  readonly warnings: readonly Warning[]
}

/** Puts a merge's result where it belongs; what fails here is an error of writing (EWRITE). */
export function writeResult(result: ResultToWrite): Promise<Written> {
  return writing(() => (result.pair.output ? writeOutput(result, result.pair.output) : replaceTarget(result)))
}

async function replaceTarget({ target, outcome, job, tools }: ResultToWrite): Promise<Written> {
  const { place, stats } = target.input
  const warnings = target.linkWarnings()
  const replaced = await target.replace(outcome.rrd, async (image) => {
    const replacement = await stage(place, image, { ...job, like: stats })
    warnings.push(...ownershipWarnings(replacement, target.name))
    return replacement
  })
  if (replaced.status === 'again') return { again: true, warnings: [] }
  settleFolder(place, job, tools)
  if (replaced.late) warnings.push(lateWarning(replaced.late))
  return { again: false, warnings }
}

async function writeOutput({ target, outcome, job, tools }: ResultToWrite, output: Place): Promise<Written> {
  const like = output.folder.statEntry(output.name) ?? target.input.stats
  const replacement = await stage(output, await target.encode(outcome.rrd), { ...job, like })
  replacement.publish()
  closeSync(replacement.fd)
  settleFolder(output, job, tools)
  return { again: false, warnings: ownershipWarnings(replacement, target.name) }
}

/** The rename itself becomes durable: now, or with the others of its folder at the end of the run. */
function settleFolder({ folder }: Place, { durability }: MergeJob, { unsynced }: PairTools): void {
  if (durability === 'each') folder.sync()
  if (durability === 'batch') unsynced(folder)
}

function ownershipWarnings({ kept }: Replacement, name: string): Warning[] {
  if (kept.owner && kept.group) return []
  const lost = kept.owner ? 'group' : kept.group ? 'owner' : 'owner and group'
  return [{ code: 'owner-changed', message: `${name}: ${lost} could not be kept; run as root to keep it` }]
}
