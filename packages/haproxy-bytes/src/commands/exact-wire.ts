import { UsageError } from '@nightshift/tooling/command-line'
import type { FileName } from '@nightshift/tooling/files'
import { parseConfig } from '../config/index.ts'
import type { Warning } from '../findings/index.ts'
import { modelFor, Signatures } from '../model/index.ts'
import type { WireReport } from '../report/total-report.ts'
import type { LineSink, LogLine } from '../scan/index.ts'
import type { Key, TimeSpan } from '../totals/index.ts'
import { latin1, type Reading } from '../transfer/index.ts'
import { ASKED_FIELDS, modelled, type WireGroup, WireTotals } from '../wire/index.ts'
import { MODELS } from './model.options.ts'
import { readText } from './read-text.ts'
import { wireWarnings } from './wire-warnings.ts'

export interface WireOptions {
  readonly exact?: true | undefined
  readonly model: string
  readonly haproxyVersion?: string | undefined
  readonly config?: FileName | undefined
}

/** Figures of the wire beside a total, by the same keys. */
export class ExactWire implements LineSink {
  /** Fields that must be without doubt for it. */
  readonly asked = ASKED_FIELDS
  readonly #totals: WireTotals
  readonly #keys: readonly Key[]
  readonly #spanned: boolean

  constructor(
    keys: readonly Key[],
    span: TimeSpan | undefined,
    { model, haproxyVersion, config }: WireOptions,
  ) {
    this.#keys = keys
    this.#spanned = span !== undefined
    this.#totals = new WireTotals({
      version: haproxyVersion,
      accounting: MODELS[model],
      config: config === undefined ? undefined : parseConfig(readText(config)),
    })
  }

  line(reading: Reading, { bytes }: LogLine): void {
    if (reading.kind !== 'transfer') return
    const { transfer, fields, envelope } = reading
    // As the total has it: what shows no time is in no span.
    if (this.#spanned && transfer.instant === undefined) return
    const host = envelope.host && latin1(bytes, ...envelope.host)
    const key = this.#keys.map(({ of }) => of(transfer, host))
    this.#totals.add(JSON.stringify(key), transfer, bytes, fields)
  }

  report(): WireReport {
    const { model } = this.#totals
    const figures = (group: WireGroup) => {
      const { out, in: sent } = group.sums(model.accounting)
      const hasBytesIn = group.requests === 0 || group.withoutBytesIn < group.requests
      return { out: modelled(out).total, ...(hasBytesIn && { in: modelled(sent).total }) }
    }
    return {
      model,
      of: (key) => figures(this.#totals.group([JSON.stringify(key)])),
      totals: figures(this.#totals.group()),
    }
  }

  warnings(): Warning[] {
    return wireWarnings({ model: this.#totals.model, signatures: this.#totals.signatures })
  }
}

/** What a version alone says against a bill. @throws UsageError */
export function versionWarnings({ model, haproxyVersion }: WireOptions): Warning[] {
  if (haproxyVersion === undefined) return []
  if (model !== 'auto') throw new UsageError('--model and --haproxy-version exclude each other')
  return wireWarnings({ model: modelFor(haproxyVersion), signatures: new Signatures() })
}
