import { fileNameText } from '@nightshift/tooling/files'
import { Qcow2Error } from '../errors.ts'
import { PHASES, type Plan } from '../plan/index.ts'
import type { WritableSource } from '../source/index.ts'
import { assertFits } from './assert-fits.ts'
import { asQcow2Error } from './failure.ts'
import { Meter } from './meter.ts'
import { type Run, runsOf } from './runs.ts'
import { RepairTarget } from './target.ts'
import { placeFor } from './undo-file.ts'
import { UndoLog } from './undo-log.ts'
import { assertSettled, settleUnfinished } from './unfinished.ts'
import type { UseOptions } from './watch.ts'

export interface ApplyOptions extends UseOptions {
  /** Name of the undo file; by default `IMG.undo-N` beside the image, the lowest N from 1 that is free. */
  readonly undo?: string | Buffer
  /** Bytes done and to be done: each is first put into the undo file, then written. */
  readonly onProgress?: (done: number, total: number) => void
  /** What the image is written through; default the open file itself. For fault injection. */
  readonly through?: (source: WritableSource) => WritableSource
}

/** What a repair wrote. */
export interface Applied {
  /** What `undo` needs; absent where the plan changes nothing. */
  readonly undoFile?: string
  /** Bytes of the image that were written. */
  readonly bytesWritten: number
  /** Length of the image now, bytes. */
  readonly size: number
  /** Somebody was seen using the image after the last write: what he writes may not fit what was repaired. */
  readonly disturbedBy?: string
}

/**
 * Writes a plan to its image: the undo file first, complete and on the disk, then phase by phase with a flush between.
 * Killed at any point, the image is as before or after, or the next repair or `undo` brings it back. If a write fails or
 * `signal` is aborted, what was written is rolled back at once.
 *
 * @param target the image's path; or the open image, which the plan was made of since it was opened and settled, and which
 *   stays open
 * @throws Qcow2Error `stale`, `in-use`, `lock-state-unknown`, `exists`, `not-written`: the image is as before, unless the
 *   message says that it was changed halfway; what `signal` says: the image is as before
 */
export async function applyPlan(
  target: string | Buffer | RepairTarget,
  plan: Plan,
  options: ApplyOptions = {},
): Promise<Applied> {
  if (target instanceof RepairTarget) return write(target, plan, options)
  const opened = RepairTarget.open(target, options)
  try {
    settleUnfinished(opened, options.undo)
    await assertFits(opened.source, plan, options.signal)
    return await write(opened, plan, options)
  } finally {
    opened.close()
  }
}

async function write(target: RepairTarget, plan: Plan, options: ApplyOptions): Promise<Applied> {
  const { size, name } = target.source
  if (size !== plan.fingerprint.size)
    throw new Qcow2Error(
      'stale',
      name,
      `is ${size} bytes long, not ${plan.fingerprint.size} as the plan says`,
    )
  if (target.isDevice && plan.finalSize !== size)
    throw new Qcow2Error('refused', name, 'is a block device, and the plan needs another length')
  assertSettled(target, options.undo)
  const progress = new Meter(plan, options)
  const log = openLog(target, plan, options)
  try {
    const runs = await keep(target, plan, log, progress)
    if (runs.length === 0 && plan.finalSize === size) {
      log.discard()
      return { bytesWritten: 0, size }
    }
    await beforeFirstWrite(target, log)
    await change(target, plan, { runs, log, progress, options })
    markDone(log, name)
    const use = target.watch.look()
    return {
      undoFile: fileNameText(log.path),
      bytesWritten: runs.reduce((sum, { after }) => sum + after.length, 0),
      size: target.source.size,
      ...(use.state === 'in-use' && { disturbedBy: use.why }),
    }
  } finally {
    log.close()
  }
}

function openLog(target: RepairTarget, { finalSize }: Plan, { undo }: ApplyOptions): UndoLog {
  try {
    return new UndoLog(target, placeFor(target, undo), finalSize)
  } catch (error) {
    throw asQcow2Error(error, undo ?? target.source.name, 'not-written')
  }
}

/** Puts what is there now into the undo file. */
async function keep(target: RepairTarget, plan: Plan, log: UndoLog, progress: Meter): Promise<Run[]> {
  const runs: Run[] = []
  try {
    for await (const run of runsOf(target.source, plan.actions)) {
      log.add(run.offset, run.before, run.after)
      // The pre-image is on the disk; what is still needed is the rest.
      runs.push({ ...run, before: NOTHING })
      await progress.add(run.after.length)
    }
    await keepTail(target, plan, log)
    return runs
  } catch (error) {
    log.discard()
    throw asQcow2Error(error, log.path, 'not-written')
  }
}

const NOTHING = new Uint8Array(0)

/** Bytes read at once. */
const TAIL = 1024 * 1024

/** What a shorter image loses. */
async function keepTail({ source }: RepairTarget, { finalSize }: Plan, log: UndoLog): Promise<void> {
  for (let at = finalSize; at < source.size; at += TAIL) {
    const before = new Uint8Array(Math.min(TAIL, source.size - at))
    source.read(before, at)
    log.add(at, before, NOTHING)
  }
}

async function beforeFirstWrite(target: RepairTarget, log: UndoLog): Promise<void> {
  try {
    log.complete()
  } catch (error) {
    throw asQcow2Error(error, log.path, 'not-written')
  }
  try {
    await target.watch.assertStill()
  } catch (error) {
    log.discard()
    throw error
  }
}

interface Change {
  readonly runs: readonly Run[]
  readonly log: UndoLog
  readonly progress: Meter
  readonly options: ApplyOptions
}

async function change(
  target: RepairTarget,
  { finalSize }: Plan,
  { runs, log, progress, options }: Change,
): Promise<void> {
  const source = options.through?.(target.source) ?? target.source
  try {
    if (finalSize > source.size) await source.truncate(finalSize)
    for (const phase of PHASES) {
      const due = runs.filter((run) => run.phase === phase)
      for (const { offset, after } of due) {
        await source.write(after, offset)
        await progress.add(after.length)
      }
      if (due.length > 0) await source.flush()
    }
    if (finalSize < source.size) await source.truncate(finalSize)
    await source.flush()
  } catch (error) {
    throw await undone(source, log, error)
  }
}

function markDone(log: UndoLog, image: string): void {
  try {
    log.done()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Qcow2Error(
      'not-written',
      image,
      `is repaired, but its undo file could not be completed (${why})`,
      {
        remedy: 'run the same command again: it sees that the repair is complete',
        cause: error,
      },
    )
  }
}

/** Rolls a failed change back; the error to throw says whether that worked. */
async function undone(source: WritableSource, log: UndoLog, error: unknown): Promise<unknown> {
  const failed = asQcow2Error(error, source.name, 'not-written')
  try {
    await log.rollBack(source)
    return failed
  } catch (second) {
    const why = second instanceof Error ? second.message : String(second)
    const first = failed instanceof Error ? failed.message : String(failed)
    return new Qcow2Error(
      'not-written',
      source.name,
      `was changed halfway (${first}), and the roll-back failed too (${why})`,
      {
        remedy: `once the cause is cured, run the same command again, or undo with ${fileNameText(log.path)}`,
        cause: error,
      },
    )
  }
}
