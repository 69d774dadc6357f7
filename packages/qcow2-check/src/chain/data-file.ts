import { FINDINGS, type Finding, type FindingCode } from '../findings/index.ts'
import type { Image } from '../image/index.ts'

/**
 * Rules of the external data file, which only the operator names: the name in the image is told, and never followed. How
 * far the tables reach into it is seen by the walk; a raw one must hold the whole disk.
 */
export function checkDataFile({
  features,
  header,
  dataFile,
  dataFileName,
  virtualSize,
}: Image): readonly Finding[] {
  const finding = (code: FindingCode, fields: Finding['fields']): readonly Finding[] => [
    {
      code,
      severity: FINDINGS[code],
      offset: 72,
      length: 8,
      repair: { class: 'none', safe: false, lossy: false },
      fields,
    },
  ]
  if (!features.externalData)
    return dataFile === undefined ? [] : finding('data-file-unused', { name: dataFile.name })
  if (dataFile === undefined)
    // One that names none has its finding already.
    return dataFileName === undefined ? [] : finding('data-file-not-given', { name: dataFileName })
  const { name, size } = dataFile
  return features.rawExternal && header.version > 2 && size < virtualSize
    ? finding('data-file-short', { name, size, needed: virtualSize })
    : []
}
