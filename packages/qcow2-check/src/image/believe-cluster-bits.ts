import type { Geometry, Header } from '../format/index.ts'
import type { BlockSource } from '../source/index.ts'

/** The cluster size of the header, but where it is impossible or contradicts the rest, and another fits that. */
export async function believeClusterBits(
  source: BlockSource,
  header: Header,
  believed: Geometry,
): Promise<Geometry> {
  if (header.clusterBits === believed.clusterBits && !contradicted(header, believed)) return believed
  return (await import('./fitting-cluster-bits.ts')).fittingClusterBits(source, header, believed)
}

/** What can be seen without reading: an L1 table is as long as its disk wants it, but for one that grew. */
export function contradicted(header: Header, geometry: Geometry): boolean {
  const coverage = BigInt(geometry.l2Coverage)
  return !isAligned(header, geometry) || BigInt(header.l1Size) < (header.size + coverage - 1n) / coverage
}

export function isAligned(header: Header, { clusterSize }: Geometry): boolean {
  const { l1TableOffset, refcountTableOffset, snapshotsOffset } = header
  return [l1TableOffset, refcountTableOffset, snapshotsOffset].every(
    (offset) => offset % BigInt(clusterSize) === 0n,
  )
}
