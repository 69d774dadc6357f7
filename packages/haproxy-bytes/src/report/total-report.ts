import type { GroupedTotals, Sums } from '../totals/index.ts'

/** A warning as it is told: its code, its one text, and what that is made of. */
export interface ToldWarning {
  readonly code: string
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** What `total` and `merge` have to say, in whatever form. */
export interface TotalReport {
  /** Names of the keys, as they were asked for. */
  readonly keys: readonly string[]
  readonly totals: GroupedTotals
  readonly warnings: readonly ToldWarning[]
}

/** A figure of a group. */
export interface Figure {
  /** Of its column. */
  readonly name: string
  /** Of its metric, which ends in its unit. */
  readonly metric: string
  readonly help: string
  /** Null where it isn't known. */
  readonly of: (sums: Sums) => number | bigint | null
}
