import { type JsonDocument, jsonPath } from '@nightshift/tooling/command-line'
import type { Survey } from '../check/survey.ts'
import type { Plan } from '../plan/plan.ts'
import type { Applied, Settled } from '../repair/index.ts'
import { checkDocument } from './documents.ts'
import { actionDocument } from './plan-document.ts'

/** What a repair did, or in a dry run would do. */
export interface RepairFacts {
  readonly dryRun: boolean
  readonly settled: readonly Settled[]
  readonly before: Survey
  readonly plan: Plan
  readonly applied?: Applied
  /** The undo file as it is found from where the image was named; its whole path by default. */
  readonly undoName?: string
  /** As the image was found when it was read again; absent in a dry run. */
  readonly after?: Survey
}

/** Of the repair itself: undo file, actions, what was left. */
export function repairDocument({ dryRun, settled, plan, applied }: RepairFacts): JsonDocument {
  const { undoFile, bytesWritten = 0, disturbedBy } = applied ?? {}
  return {
    dryRun,
    undoFile: undoFile === undefined ? null : jsonPath(undoFile).path,
    ...(undoFile !== undefined && undoBytes(undoFile)),
    interrupted: settled.map(({ undoFile: file, settlement }) => ({
      undoFile: jsonPath(file).path,
      settlement,
    })),
    actions: plan.actions.map(actionDocument),
    refused: plan.refused,
    wanted: plan.wanted,
    bytesWritten,
    ...(disturbedBy !== undefined && { disturbedBy }),
  }
}

function undoBytes(undoFile: string): JsonDocument {
  const { pathBase64 } = jsonPath(undoFile)
  return pathBase64 === undefined ? {} : { undoFileBase64: pathBase64 }
}

/** The state before and after, each as `check` says it, with what was fixed. */
export function statesDocument({ before, after }: RepairFacts): JsonDocument {
  return {
    before: checkDocument(before),
    ...(after && { after: checkDocument(after, { fixed: fixedBy(before, after) }) }),
  }
}

/** As qemu-img counts it: how many faults are fewer. */
export function fixedBy(before: Survey, after: Survey): { corruptions: number; leaks: number } {
  return {
    corruptions: Math.max(0, before.counts.corruptions - after.counts.corruptions),
    leaks: Math.max(0, before.counts.leaks - after.counts.leaks),
  }
}
