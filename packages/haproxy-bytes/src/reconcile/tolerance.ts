/** How much a gap may have: bytes, or a share of what it is held against (0.001 is 0.1 %). */
export type Tolerance = { readonly bytes: bigint } | { readonly share: number }

export const DEFAULT_TOLERANCE: Tolerance = { share: 0.001 }

/** `500`, `0.1%`; undefined for what is neither. */
export function parseTolerance(text: string): Tolerance | undefined {
  if (/^\d{1,18}$/.test(text)) return { bytes: BigInt(text) }
  const share = /^(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})%$/.exec(text)?.[1]
  return share === undefined ? undefined : { share: Number(share) / 100 }
}

/** Bytes that are tolerated; of a share the whole ones. */
export function toleratedBytes(tolerance: Tolerance, whole: bigint): bigint {
  if ('bytes' in tolerance) return tolerance.bytes
  // In parts of 10^11, so that bytes beyond 2^53 stay exact.
  return (whole * BigInt(Math.round(tolerance.share * 1e11))) / 100_000_000_000n
}

/** @param whole what the gap is held against: the counters, or what the client received */
export function isTolerated(gap: bigint, tolerance: Tolerance, whole: bigint): boolean {
  return (gap < 0n ? -gap : gap) <= toleratedBytes(tolerance, whole)
}
