import { type SurveyOptions, survey as surveyImage } from '../check/index.ts'
import type { Survey } from '../check/survey.ts'
import { type Image, type OpenOptions, openImage } from '../image/index.ts'
import type { BlockSource } from '../source/index.ts'

/** As many as a plan may have to do with. */
const MOST_FINDINGS = 200_000

/** Opens and surveys what a source holds now. */
export async function lookAt(
  source: BlockSource,
  { dataFile }: Image,
  signal?: AbortSignal,
  { withoutPins }: Pick<OpenOptions, 'withoutPins'> = {},
): Promise<Survey> {
  const image = await openImage(source, {
    ...(dataFile && { dataFile }),
    ...(withoutPins && { withoutPins }),
  })
  const options: SurveyOptions = { maxFindings: MOST_FINDINGS, ...(signal && { signal }) }
  return surveyImage(image, options)
}
