import { type Survey, surveyBriefly } from '../../check/index.ts'
import { encodeHeader, type Header, INCOMPATIBLE } from '../../format/index.ts'
import { type Image, openImage } from '../../image/index.ts'
import { type BlockSource, OverlaySource } from '../../source/index.ts'

/** An image as it would be with another header, and what a walk says of it. */
export interface Trial {
  readonly header: Header
  readonly image: Image
  readonly survey: Survey
}

/**
 * Opens and surveys an image with another header. Extensions and the backing file's name are those that stand behind it.
 *
 * @param signal ends it; its reason is thrown
 */
export async function tryHeader(source: BlockSource, header: Header, signal?: AbortSignal): Promise<Trial> {
  const overlay = new OverlaySource(source)
  await overlay.write(encodeHeader(header), 0)
  const image = await openImage(overlay)
  const options = { maxFindings: 1000, ...(signal && { signal }) }
  return { header, image, survey: await surveyBriefly(image, options) }
}

/** Faults that a walk finds; leaks count as much as the rest where snapshots are in. */
export function faultsOf({ survey: { counts } }: Trial, leaks: boolean): number {
  return counts.corruptions + counts.checkErrors * 1e6 + (leaks ? counts.leaks : 0)
}

/** The better one: fewer faults, then more of the disk. */
export function better(one: Trial | undefined, other: Trial, leaks: boolean): Trial {
  if (one === undefined) return other
  const [here, there] = [faultsOf(one, leaks), faultsOf(other, leaks)]
  if (here !== there) return here < there ? one : other
  return one.survey.counts.allocatedClusters >= other.survey.counts.allocatedClusters ? one : other
}

export function withExtendedL2(header: Header): Header {
  return { ...header, incompatibleFeatures: header.incompatibleFeatures ^ INCOMPATIBLE.extendedL2 }
}
