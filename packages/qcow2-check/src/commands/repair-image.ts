import type { CommandContext } from '@nightshift/tooling/command-line'
import type { FileName } from '@nightshift/tooling/files'
import type { Survey } from '../check/index.ts'
import { Qcow2Error } from '../errors.ts'
import { type Plan, type PlanOptions, planRepair } from '../plan/index.ts'
import {
  type Applied,
  applyPlan,
  cloneImage,
  RepairTarget,
  type Settled,
  settleUnfinished,
} from '../repair/index.ts'
import type { PlanSelection } from '../report/plan-file.ts'
import { shortName } from './short-name.ts'
import { surveyTarget } from './survey-target.ts'

export interface RepairRequest {
  readonly path: FileName
  readonly planning: Pick<PlanOptions, 'allow' | 'scope'>
  /** Only the actions of this plan. */
  readonly selection?: PlanSelection
  readonly undoFile?: FileName | undefined
  readonly assumeOffline?: boolean | undefined
  /** Inflate every compressed cluster too. */
  readonly data?: boolean | undefined
  /** Where the header is gone, search the file for what proves another. */
  readonly searchHeader?: boolean
  /** Where a clone of the image goes first. */
  readonly reflink?: FileName
}

export interface Repaired {
  /** How repairs before this one, that were interrupted, were settled. */
  readonly settled: readonly Settled[]
  readonly before: Survey
  readonly plan: Plan
  readonly applied: Applied
  /** The undo file in as few words as the image was named in. */
  readonly undoName?: string
  /** As the image stands now, read again. */
  readonly after: Survey
}

/**
 * Repairs an image: settles what an interrupted repair left, looks, plans, writes, and looks again.
 *
 * @throws Qcow2Error as `applyPlan`, `settleUnfinished` and `openImage`; `stale`: the selection doesn't fit
 */
export async function repairImage(context: CommandContext, request: RepairRequest): Promise<Repaired> {
  const { path, undoFile, assumeOffline = false } = request
  const { signal } = context
  const target = RepairTarget.open(path, { assumeOffline, signal })
  try {
    const settled = settleUnfinished(target, undoFile)
    const before = await surveyTarget(context, target, request)
    const plan = await planFor(context, before, request)
    if (request.reflink !== undefined && plan.actions.length > 0) cloneImage(target, request.reflink)
    const progress = context.progress({ what: 'repairing', unit: 'bytes' })
    try {
      const applied = await applyPlan(target, plan, {
        signal,
        assumeOffline,
        ...(undoFile !== undefined && { undo: undoFile }),
        onProgress: (done, total) => {
          progress.setTotal(total)
          progress.update(done)
        },
      })
      const after =
        applied.bytesWritten > 0 || settled.length > 0 ? await surveyTarget(context, target, request) : before
      const undoName = applied.undoFile === undefined ? undefined : shortName(path, applied.undoFile)
      return { settled, before, plan, applied, after, ...(undoName !== undefined && { undoName }) }
    } finally {
      progress.stop()
    }
  } finally {
    target.close()
  }
}

/**
 * A plan, computed afresh; of a plan file nothing is taken but which actions.
 *
 * @throws Qcow2Error `stale`
 */
export async function planFor(
  { signal }: CommandContext,
  before: Survey,
  { planning, selection }: Pick<RepairRequest, 'planning' | 'selection'>,
): Promise<Plan> {
  const { image } = before
  const allow = [...new Set([...(planning.allow ?? []), ...(selection?.allow ?? [])])]
  const plan = await planRepair(image, before, {
    ...planning,
    ...(allow.length > 0 && { allow }),
    ...(selection && { only: selection.ids }),
    signal,
  })
  if (selection === undefined) return plan
  const { name } = image.source
  const { size, digest } = selection.fingerprint
  if (size !== plan.fingerprint.size || digest !== plan.fingerprint.digest)
    throw stale(name, 'the image has changed since the plan was made')
  const planned = new Set(plan.actions.map(({ id }) => id))
  const missing = [...selection.ids].filter((id) => !planned.has(id))
  if (missing.length > 0)
    throw stale(name, `the plan has actions that do not fit: ${missing.slice(0, 3).join(', ')}`)
  return plan
}

function stale(name: string, why: string): Qcow2Error {
  return new Qcow2Error('stale', name, why, { remedy: 'make a new plan: qcow2-check plan' })
}
