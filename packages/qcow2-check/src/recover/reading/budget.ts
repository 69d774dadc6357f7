/**
 * What one search may cost. An image can claim tables of any size at any place, over and over; legitimate ones of a
 * 16 TiB image stay below these bounds.
 */
export interface SearchLimits {
  /** Bytes read in all. */
  readonly bytes: number
  /** Entries of L1 tables, all tables together (8 bytes each in memory). */
  readonly l1Entries: number
  /** L1 tables looked at. */
  readonly l1Tables: number
  /** L2 tables looked at. */
  readonly l2Tables: number
  /** Snapshot table entries that are carved, and clusters kept as possible tables. */
  readonly candidates: number
}

export const SEARCH_LIMITS: SearchLimits = {
  bytes: 8 * 2 ** 30,
  l1Entries: 2 ** 23,
  l1Tables: 4096,
  l2Tables: 2 ** 20,
  candidates: 2 ** 17,
}

/** Counts down from the limits; what would go below is refused and remembered. */
export class Budget {
  readonly #left: Record<keyof SearchLimits, number>
  #exhausted = false

  constructor(limits: SearchLimits) {
    this.#left = { ...limits }
  }

  /** @returns false: it is used up, and nothing was taken */
  take(what: keyof SearchLimits, amount = 1): boolean {
    if (this.#left[what] < amount) {
      this.#exhausted = true
      return false
    }
    this.#left[what] -= amount
    return true
  }

  left(what: keyof SearchLimits): number {
    return this.#left[what]
  }

  get exhausted(): boolean {
    return this.#exhausted
  }
}
