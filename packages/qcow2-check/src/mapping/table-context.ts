import type { Image } from '../image/image.ts'

/** What decides how a table entry is read. */
export interface TableContext {
  readonly version: number
  readonly clusterBits: number
  readonly clusterSize: number
  readonly extendedL2: boolean
  readonly externalData: boolean
  /** The external data file is the disk, byte by byte, whatever the tables say. */
  readonly rawExternal: boolean
  /** Bytes of the image, where tables and compressed clusters lie. */
  readonly fileSize: number
  /** Bytes of what holds the data: the image, or the external data file; unknown: without end. */
  readonly dataSize: number
  /** What is wrong with data that begins beyond `dataSize`. */
  readonly beyondData: 'l2-entry-beyond-end' | 'data-file-short'
}

export function tableContext(image: Image): TableContext {
  const { header, geometry, features, fileSize, dataFile } = image
  const { externalData, extendedL2 } = features
  return {
    version: header.version,
    clusterBits: geometry.clusterBits,
    clusterSize: geometry.clusterSize,
    extendedL2,
    externalData,
    rawExternal: features.rawExternal,
    fileSize,
    dataSize: externalData ? (dataFile?.size ?? Number.POSITIVE_INFINITY) : fileSize,
    beyondData: externalData ? 'data-file-short' : 'l2-entry-beyond-end',
  }
}
