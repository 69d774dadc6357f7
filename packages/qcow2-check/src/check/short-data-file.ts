import type { WalkContext } from './walk-context.ts'

/**
 * Data are mapped that begin beyond the end of the external data file: it is another one, or was cut. A raw one is the
 * disk itself: that it holds all of it has been looked at before (chain/data-file.ts).
 */
export function reportShortDataFile({ image, tally, findings }: WalkContext): void {
  const { dataFile, features, geometry } = image
  if (!features.externalData || features.rawExternal || dataFile === undefined) return
  const { name, size } = dataFile
  if (tally.dataEnd - geometry.clusterSize < Math.max(size, 1)) return
  tally.corruptions++
  findings.add('data-file-short', 0, image.fileSize, { name, size, needed: tally.dataEnd })
}
