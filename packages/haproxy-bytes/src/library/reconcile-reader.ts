import type { Zone } from '../clock/index.ts'
import type { Config } from '../config/index.ts'
import { logTargets, sampledFrontends } from '../loss/index.ts'
import { wireFields } from '../model/index.ts'
import { boundsOf, type CountersGiven, Tally, type TellingLosses } from '../reconcile/index.ts'
import type { LogLine } from '../scan/index.ts'
import type { TimeSpan } from '../totals/index.ts'
import { latin1, type Reading, type Transfer } from '../transfer/index.ts'
import { WireTotals } from '../wire/index.ts'
import { LossReader } from './loss-reader.ts'

interface ReaderSettings {
  readonly version: string | undefined
  readonly config: Config | undefined
  readonly withWire: boolean
  /** Of what clients measured; lines beside it are only held against counters. */
  readonly span?: TimeSpan | undefined
  readonly zone: Zone
}

/** Takes from each transfer what counters and clients are held against. */
export class ReconcileReader {
  readonly tally: Tally
  readonly wire: WireTotals
  /** What is told of lost lines, in the logs and elsewhere. */
  readonly losses: LossReader
  readonly #config: Config | undefined
  readonly #withWire: boolean
  readonly #span: TimeSpan

  constructor(
    counters: CountersGiven | undefined,
    { version, config, withWire, span = {}, zone }: ReaderSettings,
  ) {
    this.tally = new Tally(counters ? boundsOf(counters) : [])
    this.wire = new WireTotals({ version, config, snapshotVersion: counters?.after.at(-1)?.version })
    this.losses = new LossReader(undefined, zone)
    this.#config = config
    this.#withWire = withWire
    this.#span = span
  }

  /** @returns whether a log daemon wrote it */
  line(reading: Reading, line: LogLine): boolean {
    const isTold = this.losses.line(reading, line)
    if (reading.kind !== 'transfer') return isTold
    const { bytes } = line
    const { transfer, envelope, fields } = reading
    const host =
      envelope.host && transfer.logCounter !== undefined ? latin1(bytes, ...envelope.host) : undefined
    this.tally.add(transfer, { host, pid: envelope.pid })
    if (this.#withWire && this.#isInside(transfer))
      this.wire.add(transfer.frontend ?? '', transfer, bytes, fields)
    else
      this.wire.signatures.observe(
        transfer,
        wireFields((name) => fields.fieldText(bytes, name)),
      )
    return false
  }

  /** As `reconcile` takes them. */
  telling(): TellingLosses {
    const config = this.#config
    return {
      logs: this.losses.logs,
      ...(config && { sampled: sampledFrontends(config), targets: logTargets(config) }),
    }
  }

  #isInside({ instant }: Transfer): boolean {
    const { since, until } = this.#span
    if (instant === undefined) return since === undefined && until === undefined
    return (since === undefined || instant >= since) && (until === undefined || instant < until)
  }
}
