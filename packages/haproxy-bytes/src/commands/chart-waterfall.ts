import type { Config } from '../config/index.ts'
import { parseVersion } from '../model/index.ts'
import { describeWaterfall, drawWaterfalls, renderSvg, renderWaterfallPage } from '../picture/index.ts'
import { boundsOf, bracket, type CountersGiven, Tally } from '../reconcile/index.ts'
import { waterfallDocument } from '../report/chart-document.ts'
import type { LogLine } from '../scan/index.ts'
import type { Reading } from '../transfer/index.ts'
import { explain, pairKey, type WireSettings, WireTotals } from '../wire/index.ts'
import type { Picture, PictureReader } from './chart-picture.ts'

export interface WaterfallSettings extends WireSettings {
  readonly counters?: CountersGiven | undefined
  readonly config?: Config | undefined
}

/** Reads what waterfalls are drawn of: what `explain` says. */
export class WaterfallReader implements PictureReader {
  readonly wire: WireTotals
  readonly #tally: Tally
  readonly #settings: WaterfallSettings

  constructor(settings: WaterfallSettings) {
    this.#settings = settings
    this.wire = new WireTotals(settings)
    this.#tally = new Tally(settings.counters ? boundsOf(settings.counters) : [])
  }

  line(reading: Reading, line: LogLine): boolean {
    if (reading.kind !== 'transfer') return false
    const { transfer, fields } = reading
    this.#tally.add(transfer)
    this.wire.add(pairKey(transfer.frontend, transfer.backend), transfer, line.bytes, fields)
    return false
  }

  picture(): Picture {
    const { counters, config, version } = this.#settings
    const found = counters && bracket(counters, this.#tally.first, this.#tally.last)
    const zeroCopy = config?.global.find(({ words }) => words[0] === 'tune.disable-zero-copy-forwarding')
    const counted = version ?? found?.after.version
    const explanation = explain({
      totals: this.wire,
      delta: found?.delta,
      version: counted === undefined ? undefined : parseVersion(counted),
      zeroCopyDisabled: zeroCopy !== undefined && zeroCopy.words[1] !== 'off',
    })
    return {
      incomparable: found !== undefined && !found.delta.comparable,
      svg: (title) =>
        renderSvg({ title, description: describeWaterfall(explanation) }, drawWaterfalls(explanation)),
      html: (title, generator) => renderWaterfallPage({ title }, explanation, generator),
      document: (report) => waterfallDocument(report, explanation),
    }
  }
}
