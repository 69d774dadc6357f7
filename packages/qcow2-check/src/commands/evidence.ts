import type { CommandContext } from '@nightshift/tooling/command-line'
import { hasPins, type Survey, surveyWithoutPins } from '../check/index.ts'
import { type Evidence, findEvidence } from '../recover/index.ts'

/**
 * What the file still knows of what is lost in it; searched for only where something is. What an earlier repair has pinned
 * is lost too.
 */
export async function evidenceFor(
  { signal, progress }: CommandContext,
  survey: Survey,
): Promise<Evidence | undefined> {
  const { findings, image } = survey
  const faulty = findings.some(({ severity }) => severity === 'corruption' || severity === 'leak')
  const pinned = hasPins(survey)
  if (!faulty && !pinned && image.snapshots.complete) return undefined
  const line = progress({ what: 'searching', unit: 'bytes' })
  try {
    return await findEvidence(pinned ? await surveyWithoutPins(survey, { signal }) : survey, { signal })
  } finally {
    line.stop()
  }
}
