import { closeSync } from 'node:fs'
import { fileNameText, type Replacement, readFully } from '@nightshift/tooling/files'
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
  /** NEW changed meanwhile and nothing was written: read and merge again. */
  readonly again: boolean
  readonly warnings: readonly Warning[]
}

const AGAIN: Written = { again: true, warnings: [] }

/** Puts a merge's result where it belongs; what fails here is an error of writing (EWRITE). */
export function writeResult(result: ResultToWrite): Promise<Written> {
  return writing(result.pair.path, () => {
    if (result.pair.output) return writeOutput(result, result.pair.output())
    return result.job.inPlace && result.target.input.form === 'rrd'
      ? changeTarget(result)
      : replaceTarget(result)
  })
}

async function replaceTarget(result: ResultToWrite): Promise<Written> {
  const { pair, target, outcome, job, tools } = result
  const { place, stats } = target.input
  let backup: readonly Warning[] = []
  let remarks: Warning[] = []
  // Called again where an update went to the file that was replaced: what is said of the last time counts.
  const replaced = await target.replace(outcome.rrd, async (image) => {
    remarks = []
    const replacement = await stage(place, image, {
      ...job,
      like: stats,
      waiting: tools.waiting,
      dress: async (staged) => remarks.push(...(await dressed(target, staged, pair))),
    })
    await prepared(replacement, async () => {
      remarks.push(...ownershipWarnings(replacement))
      await verified(replacement, image, job)
      backup = await target.backUp()
    })
    return replacement
  })
  if (replaced.status === 'again') return AGAIN
  tools.renamedIn(place.folder)
  const warnings = [...target.linkWarnings(), ...remarks, ...backup]
  if (replaced.late) warnings.push(lateWarning(replaced.late))
  return { again: false, warnings }
}

async function changeTarget({ target, outcome, job }: ResultToWrite): Promise<Written> {
  const bytes = await target.encode(outcome.rrd)
  // Loaded before the last look: updates that come between it and the writing are what `overtaken` tells too late.
  const { writeInPlace } = await import('./in-place.ts')
  if (!target.unchanged()) return AGAIN
  const warnings = await target.backUp()
  writeInPlace(target.input, bytes, outcome, job)
  const late = target.overtaken()
  return { again: false, warnings: late ? [...warnings, lateWarning(late)] : warnings }
}

async function writeOutput(
  { pair, target, outcome, job, tools }: ResultToWrite,
  output: Place,
): Promise<Written> {
  const there = output.folder.statEntry(output.name)
  const like = there ?? target.input.stats
  const warnings: Warning[] = []
  const bytes = await target.encode(outcome.rrd)
  if (there?.isFile() && there.size === bytes.length && holds(output, bytes))
    return { again: false, warnings }
  const replacement = await stage(output, bytes, {
    ...job,
    like,
    waiting: tools.waiting,
    dress: async (staged) => warnings.push(...(await dressed(target, staged, pair))),
  })
  await prepared(replacement, async () => {
    warnings.push(...ownershipWarnings(replacement))
    await verified(replacement, bytes, job)
    replacement.publish()
  })
  closeSync(replacement.fd)
  tools.renamedIn(output.folder)
  return { again: false, warnings }
}

/** Gives the result the extended attributes of the file it comes from, where there are any. */
async function dressed({ input }: Target, staged: Replacement, { attributes }: Pair): Promise<Warning[]> {
  if (attributes === undefined) return []
  const { keepAttributes } = await import('./attributes.ts')
  return keepAttributes(input, staged, attributes)
}

/** Whether an output that is there already is what would be written: then it stays, with inode and mtime. */
function holds({ folder, name }: Place, bytes: Uint8Array): boolean {
  const { fd } = folder.openFile(name)
  try {
    const stored = Buffer.allocUnsafe(bytes.length)
    return readFully(fd, stored, 0) === bytes.length && stored.equals(bytes)
  } finally {
    closeSync(fd)
  }
}

/** Takes the replacement away if what is left to do before its rename fails. */
async function prepared(replacement: Replacement, steps: () => Promise<void>): Promise<void> {
  try {
    await steps()
  } catch (error) {
    replacement.discard()
    closeSync(replacement.fd)
    throw error
  }
}

async function verified(
  replacement: Replacement,
  bytes: Uint8Array,
  { verify, rrdtool, signal }: MergeJob,
): Promise<void> {
  if (!verify) return
  const { verifyReplacement } = await import('./verify.ts')
  await verifyReplacement(replacement, bytes, rrdtool, signal)
}

function ownershipWarnings({ kept, path }: Replacement): Warning[] {
  if (kept.owner && kept.group) return []
  const lost = kept.owner ? 'group' : kept.group ? 'owner' : 'owner and group'
  const message = `${fileNameText(path)}: ${lost} could not be kept; run as root to keep it`
  return [{ code: 'owner-changed', message }]
}
