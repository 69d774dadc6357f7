import type { Geometry } from '../../format/index.ts'
import type { Image } from '../../image/index.ts'

/** What entries of tables must keep to in one image. */
export interface TableRules {
  readonly geometry: Geometry
  /** Bytes. */
  readonly fileSize: number
  /** Guest data lie in another file, whose clusters have no refcounts here. */
  readonly externalData: boolean
  /** Bit 0 of an L2 entry may be set: reads as zeros. */
  readonly zeroFlag: boolean
}

export function rulesOf({ geometry, fileSize, features, header }: Image): TableRules {
  return {
    geometry,
    fileSize,
    externalData: features.externalData,
    zeroFlag: header.version > 2 && geometry.subclusters === 1,
  }
}
