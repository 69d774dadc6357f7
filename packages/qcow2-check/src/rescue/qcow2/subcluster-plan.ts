import type { Extent } from '../../mapping/extent.ts'
import type { MixedCluster } from './cluster-runs.ts'

/**
 * What becomes of a cluster whose subclusters differ. `kept`: it stays where it is, with these bits; without an offset
 * none of them is allocated. `composed`: the backing file has parts of it, so that all of it is written anew.
 */
export type SubclusterPlan =
  | { readonly kind: 'kept'; readonly host?: number; readonly allocated: number; readonly zero: number }
  | { readonly kind: 'composed' }

/** @param backingSize bytes of the backing file that are copied in, 0 without one */
export function planSubclusters(
  { guest, parts }: MixedCluster,
  clusterSize: number,
  backingSize: number,
): SubclusterPlan {
  if (parts.some(({ kind, offset }) => kind === 'backing' && offset < backingSize))
    return { kind: 'composed' }
  const size = clusterSize / 32
  const bits = (wanted: Extent['kind']) =>
    parts.reduce((all, { kind, offset, length }) => {
      if (kind !== wanted) return all
      const first = (offset - guest) / size
      return all | ((2 ** (length / size) - 1) << first)
    }, 0) >>> 0
  const data = parts.find(({ kind }) => kind === 'data')
  const host = data && (data.host as number) - (data.offset - guest)
  return { kind: 'kept', ...(host !== undefined && { host }), allocated: bits('data'), zero: bits('zero') }
}
