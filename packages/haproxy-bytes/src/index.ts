/**
 * haproxy-bytes as a library: logs of any format to totals, HAProxy's own counters beside them, and the model of what
 * both are on the wire. Bytes are exact; times are milliseconds of UTC.
 */
export { type Config, type ConfigProblem, type ProxyFacts, wireFacts } from './config/index.ts'
export {
  CountersError,
  type CountersErrorCode,
  type Delta,
  type Incomparable,
  type ProxyCounters,
  readCounters,
  type Snapshot,
  subtract,
} from './counters/index.ts'
export { HaproxyBytesError, type HaproxyBytesErrorCode } from './errors.ts'
export { compileFormat, formatsOf } from './library/compile-format.ts'
export { type LedgerOptions, ledger } from './library/ledger.ts'
export { LogTotals as Totals } from './library/log-totals.ts'
export { parseConfig } from './library/read-config.ts'
export type { Logs, ReadOptions } from './library/read-logs.ts'
export { type ReconcileOptions, reconcile } from './library/reconcile.ts'
export { type ScanOptions, scan } from './library/scan.ts'
export { FormatError, type FormatErrorCode, type KnownFormat, type LogFormat } from './log-format/index.ts'
export type { ByteFigure, Ledger, LossEntry, Range } from './loss/index.ts'
export {
  type Accounting,
  type Assumption,
  type LoggedTransfer,
  type Model,
  type ModelHints,
  modelFor as model,
  type Wire,
  type WireFigure,
  type WireKind,
  type WireTerm,
} from './model/index.ts'
export { PartialError, type PartialErrorCode } from './partial/index.ts'
export type { ReconciledProxy, Reconciliation, Tolerance, WireTruth } from './reconcile/index.ts'
export type { ToldWarning } from './report/total-report.ts'
export type { ScanWarning } from './scan/index.ts'
export type { Group, GroupKey, LineCounts, Sums } from './totals/index.ts'
export type { Transfer } from './transfer/index.ts'
