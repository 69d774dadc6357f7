import { survey } from '../check/index.ts'
import { Qcow2Error } from '../errors.ts'
import { fingerprintOf, type Plan } from '../plan/index.ts'
import { openRecovered } from '../recover/index.ts'
import { type Applied, applyPlan as apply, RepairTarget } from '../repair/index.ts'

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
 * Killed at any point, the image is as before or after, or the next repair or `undo` brings it back.
 *
 * @param path of the image (a Buffer where its name is no UTF-8)
 * @throws Qcow2Error `stale`: the metadata is not what it was when the plan was made; `in-use`, `lock-state-unknown`,
 *   `exists`, `refused`, `not-written`: the image is as before, unless the message says that it was changed halfway
 */
export async function applyPlan(
  path: string | Buffer,
  plan: Plan,
  options: ApplyOptions = {},
): Promise<Applied> {
  const { assumeOffline = false, signal } = options
  const target = RepairTarget.open(path, { assumeOffline, ...(signal && { signal }) })
  try {
    const aborting = signal ? { signal } : {}
    const now = await survey(await openRecovered(target.source, aborting), aborting)
    const { size, digest } = await fingerprintOf(now, signal)
    if (size !== plan.fingerprint.size || digest !== plan.fingerprint.digest)
      throw new Qcow2Error('stale', target.source.name, 'has changed since the plan was made', {
        remedy: 'check it and plan again',
      })
    return await apply(target, plan, options)
  } finally {
    target.close()
  }
}
