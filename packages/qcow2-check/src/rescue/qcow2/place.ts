import type { Image } from '../../image/image.ts'

/** Where things of the source lie in the output. */
export interface Place {
  readonly clusterSize: number
  /** Clusters that data is moved by: 0, or 1 where it comes from an external file, whose first cluster is data. */
  readonly shift: number
  /** The first cluster behind all data; from here on everything is new. */
  readonly base: number
}

/** Data keeps its offset: encrypted it could not be read elsewhere, and shared clusters stay shared without a table of them. */
export function placeOf(image: Image): Place {
  const { clusterSize } = image.geometry
  const { externalData } = image.features
  const size = externalData ? (image.dataFile?.size ?? 0) : image.fileSize
  const shift = externalData ? 1 : 0
  return { clusterSize, shift, base: Math.max(1, Math.ceil(size / clusterSize) + shift) }
}

/** Cluster of the output for a host offset of the source. */
export function outputCluster(host: number, { clusterSize, shift }: Place): number {
  return Math.floor(host / clusterSize) + shift
}
