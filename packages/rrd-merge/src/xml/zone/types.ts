/** What a clock shows from `start` on. */
export interface LocalTimeType {
  /** Seconds east of Greenwich. */
  readonly offset: number
  /** As strftime's %Z shows it: "CET", "-03". */
  readonly abbreviation: string
}

/** A span of time with one local time type: start <= t < end, seconds since 1970. */
export interface ZonePeriod extends LocalTimeType {
  readonly start: number
  readonly end: number
}

/** Tells the period a time lies in. */
export type Zone = (time: number) => ZonePeriod

export const fixedZone = (offset: number, abbreviation: string): Zone => {
  const period = {
    offset,
    abbreviation,
    start: Number.NEGATIVE_INFINITY,
    end: Number.POSITIVE_INFINITY,
  }
  return () => period
}
