import type { CommandContext } from '@nightshift/tooling/command-line'
import type { Survey } from '../check/index.ts'
import { type Evidence, findEvidence } from '../recover/index.ts'

/** What the file still knows of what is lost in it; searched for only where something is. */
export async function evidenceFor(
  { signal, progress }: CommandContext,
  survey: Survey,
): Promise<Evidence | undefined> {
  const { findings, image } = survey
  const faulty = findings.some(({ severity }) => severity === 'corruption' || severity === 'leak')
  if (!faulty && image.snapshots.complete) return undefined
  const line = progress({ what: 'searching', unit: 'bytes' })
  try {
    return await findEvidence(survey, { signal })
  } finally {
    line.stop()
  }
}
