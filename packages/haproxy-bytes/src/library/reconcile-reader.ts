import type { Config } from '../config/index.ts'
import { boundsOf, type CountersGiven, Tally } from '../reconcile/index.ts'
import type { LineSink } from '../scan/index.ts'
import type { TimeSpan } from '../totals/index.ts'
import { latin1, type Transfer } from '../transfer/index.ts'
import { WireTotals } from '../wire/index.ts'

interface ReaderSettings {
  readonly version: string | undefined
  readonly config: Config | undefined
  readonly withWire: boolean
  /** Of what clients measured; lines beside it are only held against counters. */
  readonly span?: TimeSpan | undefined
}

/** Takes from each transfer what counters and clients are held against. */
export class ReconcileReader implements LineSink {
  readonly tally: Tally
  readonly wire: WireTotals
  readonly #withWire: boolean
  readonly #span: TimeSpan

  constructor(counters: CountersGiven | undefined, { version, config, withWire, span = {} }: ReaderSettings) {
    this.tally = new Tally(counters ? boundsOf(counters) : [])
    this.wire = new WireTotals({ version, config, snapshotVersion: counters?.after.at(-1)?.version })
    this.#withWire = withWire
    this.#span = span
  }

  readonly line: LineSink['line'] = (reading, { bytes }) => {
    if (reading.kind !== 'transfer') return
    const { transfer, envelope, fields } = reading
    const host =
      envelope.host && transfer.logCounter !== undefined ? latin1(bytes, ...envelope.host) : undefined
    this.tally.add(transfer, { host, pid: envelope.pid })
    if (this.#withWire && this.#isInside(transfer))
      this.wire.add(transfer.frontend ?? '', transfer, bytes, fields)
    else this.wire.signatures.observe(transfer)
  }

  #isInside({ instant }: Transfer): boolean {
    const { since, until } = this.#span
    if (instant === undefined) return since === undefined && until === undefined
    return (since === undefined || instant >= since) && (until === undefined || instant < until)
  }
}
