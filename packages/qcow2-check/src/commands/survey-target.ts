import type { CommandContext } from '@nightshift/tooling/command-line'
import { type Survey, survey } from '../check/index.ts'
import { openImage } from '../image/index.ts'
import type { RepairTarget } from '../repair/index.ts'

/** Opens and surveys an image that is about to be changed, or just was. */
export async function surveyTarget(
  { signal, progress }: CommandContext,
  { source }: RepairTarget,
  data = false,
): Promise<Survey> {
  const line = progress({ what: 'checking', unit: 'bytes' })
  try {
    return await survey(await openImage(source), {
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
