import { openImage } from '../image/index.ts'
import { survey as surveyImage } from './run-survey.ts'
import type { Survey, SurveyOptions } from './survey.ts'

/** True if a repair keeps clusters of this image in a bitmap (`pin-leaks`). */
export function hasPins({ image }: Survey): boolean {
  return image.owned.some(({ kind }) => kind === 'pinned')
}

/**
 * The image as if nothing kept what nothing maps: it counts as leaked, as it did before it was pinned, so that it can
 * still be found out what it was.
 */
export async function surveyWithoutPins({ image }: Survey, options: SurveyOptions = {}): Promise<Survey> {
  const { source, dataFile } = image
  return surveyImage(await openImage(source, { withoutPins: true, ...(dataFile && { dataFile }) }), options)
}
