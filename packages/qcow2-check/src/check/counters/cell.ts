/**
 * What a counter knows of a cluster besides the number of references. `USE` is how it is used: two snapshots that see
 * the same cluster at the same guest offset are one use of it, two guest offsets are two.
 */
export const USE_MASK = 3
/** One that is counted already, or that shares with everybody. */
export const USE_NONE = 0
/** One guest cluster, or one table, or another structure. */
export const USE_ALONE = 1
/** Only compressed clusters, which share host clusters. */
export const USE_COMPRESSED = 2
/** Uses that can't share: a cross-link. */
export const USE_CONFLICT = 3
/** Referenced by the active disk without COPIED. */
export const SEEN_PLAIN = 4
/** Referenced by the active disk with COPIED. */
export const SEEN_COPIED = 8
export const FLAG_MASK = 15

export function joinFlags(before: number, event: number): number {
  const use = before & USE_MASK
  const added = event & USE_MASK
  const seen = (before | event) & (SEEN_PLAIN | SEEN_COPIED)
  if (added === 0) return seen | use
  if (use === 0) return seen | added
  return seen | (use === USE_COMPRESSED && added === USE_COMPRESSED ? USE_COMPRESSED : USE_CONFLICT)
}

/** Counters of all clusters of a file. */
export interface Cells {
  readonly clusters: number
  /** @param event flags as above; use 0: one that is counted already */
  add(cluster: number, weight: number, event: number): void
  /** References. */
  count(cluster: number): number
  flags(cluster: number): number
  /** First cluster from `from` on, and before `end`, that is referenced; `end` if there is none. */
  nextUsed(from: number, end: number): number
}
