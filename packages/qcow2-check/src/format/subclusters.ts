/**
 * "Extended L2 Entries": the second half of such an entry, bits 0 to 31 of which say what is allocated and bits 32 to 63
 * what reads as zeros, one bit for each of the 32 subclusters.
 */
export interface SubclusterBitmap {
  readonly allocated: number
  readonly zero: number
}

export function subclusterBitmap(high: number, low: number): SubclusterBitmap {
  return { allocated: low >>> 0, zero: high >>> 0 }
}

/**
 * What the format forbids: a subcluster both allocated and zero, an allocated one in a cluster without an offset, and
 * any bit at a compressed cluster.
 */
export function subclustersValid(
  { allocated, zero }: SubclusterBitmap,
  kind: 'allocated' | 'unallocated' | 'compressed',
): boolean {
  if (kind === 'compressed') return allocated === 0 && zero === 0
  if ((allocated & zero) !== 0) return false
  return kind === 'allocated' || allocated === 0
}
