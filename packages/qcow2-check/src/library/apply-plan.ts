import type { Plan } from '../plan/index.ts'
import { type Applied, applyPlan as apply } from '../repair/index.ts'

/** How a plan is applied. */
export interface ApplyOptions {
  /** Name of the undo file; by default `IMG.undo-N` beside the image, the lowest N from 1 that is free. */
  readonly undo?: string | Buffer
  /** Go on where it can't be seen whether somebody uses the image: the caller says that nobody does. */
  readonly assumeOffline?: boolean
  /** Bytes done and to be done: each is first put into the undo file, then written. */
  readonly onProgress?: (done: number, total: number) => void
  /** Aborted before the last write, the image is put back to what it was. */
  readonly signal?: AbortSignal
}

/**
 * Writes a plan to its image: the undo file first, complete and on the disk, then phase by phase with a flush between.
 * Killed at any point, the image is as before or after, or the next repair or `undo` brings it back. What an earlier repair
 * left that was interrupted is settled first.
 *
 * @param path of the image (a Buffer where its name is no UTF-8)
 * @throws Qcow2Error `stale`: the metadata is not what it was when the plan was made; `in-use`, `lock-state-unknown`,
 *   `exists`, `refused`, `not-written`: the image is as before, unless the message says that it was changed halfway
 */
export function applyPlan(path: string | Buffer, plan: Plan, options: ApplyOptions = {}): Promise<Applied> {
  return apply(path, plan, options)
}
