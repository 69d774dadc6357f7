import type { Zone } from '../clock/index.ts'
import type { Config } from '../config/index.ts'
import { LossReader } from '../library/loss-reader.ts'
import { logTargets, lossLedger, sampledFrontends } from '../loss/index.ts'
import {
  describeGap,
  drawGap,
  type GapChart,
  GapCollector,
  type GapSettings,
  renderGapPage,
  renderSvg,
} from '../picture/index.ts'
import { gapDocument } from '../report/chart-document.ts'
import type { LogLine } from '../scan/index.ts'
import type { TimeSpan } from '../totals/index.ts'
import type { Reading } from '../transfer/index.ts'
import type { Picture, PictureReader } from './chart-picture.ts'

/** Reads what the gap over time is drawn of. */
export class GapReader implements PictureReader {
  readonly losses: LossReader
  readonly #collector: GapCollector
  readonly #span: TimeSpan | undefined
  readonly #config: Config | undefined

  constructor(settings: GapSettings, zone: Zone, span: TimeSpan | undefined) {
    this.#collector = new GapCollector(settings)
    this.losses = new LossReader(settings.counters, zone)
    this.#span = span
    this.#config = settings.config
  }

  get wire() {
    return this.#collector.wire
  }

  line(reading: Reading, line: LogLine): boolean {
    const told = this.losses.line(reading, line)
    if (reading.kind === 'transfer' && this.#isAsked(reading.transfer.instant))
      this.#collector.add(reading.transfer, line.bytes, reading.fields)
    return told
  }

  picture(): Picture {
    this.losses.compare()
    const sampled = this.#config && sampledFrontends(this.#config)
    const { since, until } = this.#span ?? {}
    const ledger = lossLedger(this.losses.logs, {
      ...(since !== undefined && { since }),
      ...(until !== undefined && { until }),
      ...(sampled && { sampled }),
      ...(this.#config && { targets: logTargets(this.#config) }),
    })
    return pictureOf(this.#collector.chart(ledger))
  }

  /** Lines around the span are read too: they tell whether a number is missing in it. */
  #isAsked(instant: number | undefined): boolean {
    if (!this.#span) return true
    const { since = -Infinity, until = Infinity } = this.#span
    return instant !== undefined && instant >= since && instant < until
  }
}

function pictureOf(chart: GapChart): Picture {
  const { counted } = chart
  return {
    incomparable: counted.length > 0 && counted.every(({ incomparable }) => incomparable !== undefined),
    svg: (title) => renderSvg({ title, description: describeGap(chart) }, drawGap(chart)),
    html: (title, generator) => renderGapPage({ title }, chart, generator),
    document: (report) => gapDocument(report, chart),
  }
}
