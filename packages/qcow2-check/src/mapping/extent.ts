/**
 * What lies under a range of the guest's disk. `data`: bytes at `host`; `zero`: reads as zeros; `compressed`: one
 * cluster, deflated or zstd, at `host`; `backing`: what the backing file has there, zeros without one; `lost`: the
 * tables that would say it are broken.
 */
export type ExtentKind = 'data' | 'zero' | 'compressed' | 'backing' | 'lost'

/** Neighbouring ranges of a kind are one extent if their bytes follow one another in the file too. */
export interface Extent {
  readonly kind: ExtentKind
  /** Guest offset and length, bytes. */
  readonly offset: number
  readonly length: number
  /** Offset in the file (or the external data file), bytes; of `data` and `compressed` only. */
  readonly host?: number
  /** Bytes of compressed data from `host` that the entry allows for; of `compressed` only. */
  readonly hostLength?: number
  /** Why it is lost; the code of the finding. */
  readonly reason?: string
}

/** Whose disk is meant: the active one, a snapshot of the table by id or name, or an orphan L1 table found by a search. */
export type DiskSelector =
  | { readonly kind: 'active' }
  | { readonly kind: 'snapshot'; readonly idOrName: string }
  | { readonly kind: 'orphan'; readonly number: number }
