import type { CommandContext } from '@nightshift/tooling/command-line'
import { type Survey, survey } from '../check/index.ts'
import { openImage } from '../image/index.ts'
import { openRecovered } from '../recover/index.ts'
import type { RepairTarget } from '../repair/index.ts'

export interface SurveyTargetOptions {
  /** Inflate every compressed cluster too. */
  readonly data?: boolean | undefined
  /** Where the header is gone, search the file for what proves another. */
  readonly searchHeader?: boolean | undefined
}

/** Opens and surveys an image that is about to be changed, or just was. */
export async function surveyTarget(
  { signal, progress }: CommandContext,
  { source }: RepairTarget,
  { data = false, searchHeader = false }: SurveyTargetOptions = {},
): Promise<Survey> {
  const line = progress({ what: 'checking', unit: 'bytes' })
  try {
    const image = searchHeader ? await openRecovered(source, { signal }) : await openImage(source)
    return await survey(image, {
      signal,
      data,
      onProgress: (done, total) => {
        line.setTotal(total)
        line.update(done)
      },
    })
  } finally {
    line.stop()
  }
}
