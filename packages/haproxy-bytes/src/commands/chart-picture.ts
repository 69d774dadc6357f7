import type { LossReader } from '../library/loss-reader.ts'
import type { ChartReport } from '../report/chart-document.ts'
import type { LogLine } from '../scan/index.ts'
import type { Reading } from '../transfer/index.ts'
import type { WireTotals } from '../wire/index.ts'

/** What a picture is drawn of, line by line. */
export interface PictureReader {
  readonly wire: WireTotals
  /** Where the picture shows what was lost. */
  readonly losses?: LossReader
  /** @returns whether it is a message of a log daemon, which is no bad line */
  line(reading: Reading, line: LogLine): boolean
  picture(): Picture
}

/** A picture in each of its forms. */
export interface Picture {
  /** Counters were given, and none of them can be held against the log. */
  readonly incomparable: boolean
  svg(title: string): string
  html(title: string, generator: string): string
  document(report: ChartReport): Readonly<Record<string, unknown>>
}
