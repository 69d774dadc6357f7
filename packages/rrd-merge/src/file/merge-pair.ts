import { FileError, type Folder, fileNameText, journalName } from '@nightshift/tooling/files'
import { clock } from '../clock.ts'
import { type Rrd, RrdError } from '../format/index.ts'
import { mergeInto } from '../merge/index.ts'
import type { FileReport } from '../report/types.ts'
import type { Warning } from '../report/warning.ts'
import type { Daemon } from './daemon.ts'
import type { RrdtoolEngine } from './engine.ts'
import { type ImageRoom, type ImageSlot, lendSlots } from './image-slot.ts'
import { closeInputs, type Input, openInputs, readRrd } from './input.ts'
import type { MergeJob, Pair } from './job.ts'
import { lateWarning } from './late-warning.ts'
import { copiedWhole, fileReport } from './pair-report.ts'
import type { Place } from './place.ts'
import { TOOL } from './stage.ts'
import { Target } from './target.ts'
import { writeResult } from './write-result.ts'

/** Where updates that can't be copied into the result come in during a merge it starts over, so many times at most. */
const ATTEMPTS = 5

/** What a merge of one pair works with. */
export interface PairTools {
  readonly daemon: Daemon | undefined
  readonly engine: RrdtoolEngine | undefined
  /** Told of the folder that has a new name in it and isn't synced yet. */
  readonly renamedIn: (folder: Folder) => void
  /** Told when the pair waits for something that takes long: another may be begun meanwhile. */
  readonly waiting: () => void
}

/** A pair that is done, but for updates on their way to the file that was replaced. */
export interface DonePair {
  readonly report: FileReport
  /** Looks for late updates once more, gives the final report, and closes the files. Call it always, once. */
  readonly settle: () => Promise<FileReport>
}

/** Merges one pair. Never throws for a file's sake: what is wrong with one is in its report. */
export async function mergePair(pair: Pair, job: MergeJob, tools: PairTools): Promise<DonePair> {
  const since = clock()
  try {
    return await lendSlots(1, ([slot]) => openAndMerge(pair, job, tools, slot as ImageSlot, since))
  } catch (error) {
    if (job.signal?.aborted) throw job.signal.reason
    const report = fileReport({ path: pair.path, status: 'failed', since, error })
    return { report, settle: async () => report }
  }
}

async function openAndMerge(
  pair: Pair,
  job: MergeJob,
  tools: PairTools,
  slot: ImageSlot,
  since: number,
): Promise<DonePair> {
  const [first, ...olds] = openInputs([pair.target, ...pair.olds]) as [Input, ...Input[]]
  const target = new Target(first, job, tools.engine)
  try {
    if (olds.length > 0 && olds.every((old) => isSame(old, first)) && pair.mayBeSame) {
      const warnings = [{ code: 'same-file', message: 'OLD is the same file (a hard link)' }]
      const report = fileReport({ path: pair.path, status: 'unchanged', since, warnings })
      return { report, settle: () => settle(target, report) }
    }
    refuseSame(first, olds)
    if (tools.daemon || tools.engine || job.live === 'lock') tools.waiting()
    const work = (): Promise<FileReport> =>
      target.guarded(() => merge(pair, target, olds, job, tools, slot, since))
    const notes: Warning[] = []
    const { daemon } = tools
    const done = await (daemon && !job.dryRun
      ? daemon.around(pair.names ?? [], work, notes, job.signal)
      : work())
    const report = notes.length > 0 ? { ...done, warnings: [...done.warnings, ...notes] } : done
    return { report, settle: () => settle(target, report) }
  } catch (error) {
    target.close()
    throw error
  } finally {
    closeInputs(olds)
  }
}

async function merge(
  pair: Pair,
  target: Target,
  olds: readonly Input[],
  job: MergeJob,
  tools: PairTools,
  slot: ImageSlot,
  since: number,
): Promise<FileReport> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    job.signal?.throwIfAborted()
    const recovered = await recover(target.input.place, job.dryRun || pair.output !== undefined)
    const rrd = await target.read(slot)
    // The OLDs' images are needed no longer than for this, NEW's until its replacement is on the device.
    const outcome = await lendSlots(olds.length, async (slots) => {
      const oldRrds = []
      for (const [index, old] of olds.entries()) {
        oldRrds.push(await readOld(old, slots[index] as ImageSlot, job, tools.engine))
      }
      return mergeInto(rrd, oldRrds, job.merge, { pages: job.inPlace })
    })
    const merge = olds.length === 0 ? copiedWhole(outcome.report) : outcome.report
    const parts = { path: pair.path, since, merge }
    const warnings = [...recovered, ...(pair.output ? [] : target.lockWarnings())]
    const status = pair.success ?? (outcome.changed ? 'merged' : 'unchanged')
    if (job.dryRun || (!outcome.changed && !pair.output)) return fileReport({ ...parts, status, warnings })
    const written = await writeResult({ pair, target, outcome, job, tools })
    if (written.again) continue
    return fileReport({ ...parts, status, warnings: [...warnings, ...written.warnings] })
  }
  throw new RrdError(
    'ELATE',
    `${target.name}: updates kept coming between reading and replacing it; nothing was written`,
    {
      path: target.name,
      remedy: 'run again when fewer updates come in, or with --live lock, which refuses updates meanwhile',
    },
  )
}

/** A journal is looked for by name; what can read one is loaded where there is one. */
async function recover(place: Place, onlyLook: boolean): Promise<Warning[]> {
  if (!place.folder.statEntry(journalName(place.name, TOOL))) return []
  const { recoverPlace } = await import('./in-place.ts')
  return recoverPlace(place, onlyLook)
}

function readOld(
  old: Input,
  slot: ImageRoom,
  { live: mode, signal }: MergeJob,
  engine: RrdtoolEngine | undefined,
): Promise<Rrd> {
  return engine && old.form === 'rrd'
    ? engine.read(old.fd, fileNameText(old.path))
    : readRrd(old, slot, { mode, signal })
}

/** Never throws: the file is replaced, whatever comes of the last look. */
async function settle(target: Target, report: FileReport): Promise<FileReport> {
  try {
    const late = report.status === 'merged' ? await target.lastLook() : undefined
    return late ? { ...report, warnings: [...report.warnings, lateWarning(late)] } : report
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const message = `nobody could look once more for updates that came while it was replaced: ${why}`
    return { ...report, warnings: [...report.warnings, { code: 'late-unknown', message }] }
  } finally {
    target.close()
  }
}

/** Merging a file into itself can only be a slip: it would fill nothing and say "unchanged". */
function refuseSame(target: Input, olds: readonly Input[]): void {
  const same = olds.find((old) => isSame(old, target))
  if (same) {
    throw new FileError('other', same.path, 'is the very file that is to be filled', {
      remedy: 'name another OLD',
    })
  }
}

const isSame = (a: Input, b: Input): boolean => a.stats.ino === b.stats.ino && a.stats.dev === b.stats.dev
