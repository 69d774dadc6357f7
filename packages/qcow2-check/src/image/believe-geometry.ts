import { type Geometry, geometryOf, type Header, INCOMPATIBLE, LIMITS } from '../format/index.ts'

/** Sizes to go on with: those of the header, or what images nearly always have where these can't be. */
export function believeGeometry(header: Header): Geometry {
  const { clusterBits, refcountOrder } = header
  const known = clusterBits >= LIMITS.clusterBits.min && clusterBits <= LIMITS.clusterBits.max
  // Of the two that contradict one another, one bit is more likely to be wrong than a number within its limits.
  const extendedL2 =
    (header.incompatibleFeatures & INCOMPATIBLE.extendedL2) !== 0n &&
    (!known || clusterBits >= LIMITS.extendedL2ClusterBits)
  return geometryOf(
    known ? clusterBits : 16,
    refcountOrder <= LIMITS.refcountOrder ? refcountOrder : 4,
    extendedL2,
  )
}
