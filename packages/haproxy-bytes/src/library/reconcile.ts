import type { Config } from '../config/index.ts'
import type { Snapshot } from '../counters/index.ts'
import { SourceCounter } from '../partial/index.ts'
import {
  DEFAULT_TOLERANCE,
  type Reconciliation,
  reconcile as reconcileTally,
  spanToRead,
  type Tolerance,
  type WireTruth,
} from '../reconcile/index.ts'
import { ASKED_FIELDS } from '../wire/index.ts'
import { LogTotals } from './log-totals.ts'
import { type Logs, type ReadOptions, readAll, readSettings } from './read-logs.ts'
import { ReconcileReader } from './reconcile-reader.ts'

/** How logs are read, and what they are held against. */
export interface ReconcileOptions extends ReadOptions {
  /** Counters from before the logs; none: since the process began. */
  readonly before?: readonly Snapshot[]
  /** Counters from after them. Without, the logs are held against `wire` alone. */
  readonly after?: readonly Snapshot[]
  /** What clients received, by frontend. */
  readonly wire?: readonly WireTruth[]
  readonly config?: Config
  /** Files in which log daemons write their own messages. */
  readonly syslog?: readonly string[]
  /** Of HAProxy, where the snapshots don't say it: `2.6.12`. */
  readonly version?: string
  /** How much a gap may have. Default 0.1 %. */
  readonly tolerance?: Tolerance
}

/** Holds logs against HAProxy's counters, and against what clients received. @throws as `scan` */
export async function reconcile(logs: Logs, options: ReconcileOptions): Promise<Reconciliation> {
  const { before = [], after, wire, config, syslog = [], version, tolerance = DEFAULT_TOLERANCE } = options
  const counters = after && { before, after }
  const { span, ...settings } = readSettings(options)
  const { zone } = settings
  const reader = new ReconcileReader(counters, { version, config, withWire: wire !== undefined, span, zone })
  const read = span && counters ? spanToRead(counters, span) : span
  const counter = new SourceCounter([], read)
  const logged = await readAll(
    logs,
    options,
    { ...settings, ...(read && { span: read }), asked: wire ? ASKED_FIELDS : [] },
    {
      line(reading, line) {
        const isTold = reader.line(reading, line)
        counter.line(isTold ? { kind: 'other', other: 'foreign' } : reading, line)
      },
    },
  )
  await readAll(
    syslog,
    options,
    { ...settings, formats: [] },
    { line: (_, line) => void reader.losses.message(line) },
  )
  const { lines } = new LogTotals([{ keys: [], settings: {}, sources: counter.sources(logged) }])
  return reconcileTally({
    tally: reader.tally,
    signatures: reader.wire.signatures,
    losses: reader.telling(),
    counters,
    wire: wire && { truths: wire, totals: reader.wire },
    unread: lines.unparsed + lines.truncated,
    config,
    version,
    tolerance,
    span,
  })
}
