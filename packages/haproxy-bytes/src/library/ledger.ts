import type { Config } from '../config/index.ts'
import type { Snapshot } from '../counters/index.ts'
import { type Ledger, logTargets, lossLedger, sampledFrontends } from '../loss/index.ts'
import { LossReader } from './loss-reader.ts'
import { type Logs, type ReadOptions, readAll, readSettings } from './read-logs.ts'

/** How logs are read, and what else tells of lost lines. */
export interface LedgerOptions extends ReadOptions {
  /** Files in which log daemons write their own messages. */
  readonly syslog?: readonly string[]
  /** Counters from before the logs, with `after`. */
  readonly before?: readonly Snapshot[]
  readonly after?: readonly Snapshot[]
  readonly config?: Config
}

/** Lines that never arrived, each once, whoever tells of it; and what they held. @throws as `scan` */
export async function ledger(logs: Logs, options: LedgerOptions = {}): Promise<Ledger> {
  const { syslog = [], before = [], after, config, since, until, ...others } = options
  const settings = readSettings(others)
  const reader = new LossReader(after && { before, after }, settings.zone)
  // Lines around the span tell what is missing at its ends.
  await readAll(logs, others, settings, { line: (reading, line) => void reader.line(reading, line) })
  await readAll(
    syslog,
    others,
    { ...settings, formats: [] },
    { line: (_, line) => void reader.message(line) },
  )
  reader.compare()
  return lossLedger(reader.logs, {
    ...(since && { since: since.getTime() }),
    ...(until && { until: until.getTime() }),
    ...(config && { sampled: sampledFrontends(config), targets: logTargets(config) }),
  })
}
