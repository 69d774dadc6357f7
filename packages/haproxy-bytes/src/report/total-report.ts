import type { Model, WireTotal } from '../model/index.ts'
import type { GroupedTotals, GroupKey, Sums } from '../totals/index.ts'

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
  /** Only where it was asked for. */
  readonly wire?: WireReport
}

/** Bytes on the wire; `in` is not there where no line has %U. */
export interface WireFigures {
  readonly out: WireTotal
  readonly in?: WireTotal
}

/** Figures of the wire for the groups of a total. */
export interface WireReport {
  readonly model: Model
  readonly of: (key: GroupKey) => WireFigures
  readonly totals: WireFigures
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
