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

/** A figure of a group: its name in CSV and its share in the name of a metric. */
export interface Figure {
  readonly name: string
  readonly help: string
  /** Null where it isn't known. */
  readonly of: (sums: Sums) => number | bigint | null
}
