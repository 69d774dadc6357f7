export { type ArrivedLine, type LineSums, LossCollector } from './collector.ts'
export { type ByteEstimate, estimateBytes, type SampleFacts } from './estimate.ts'
export { IntervalSet } from './interval-set.ts'
export { isOfDaemon, type JournalEntry, JournalReader } from './journal.ts'
export { type LedgerOptions, lossLedger } from './ledger.ts'
export type {
  ByteFigure,
  FrontendLoss,
  Lacking,
  Ledger,
  LossEntry,
  LossEvidence,
  LossReason,
} from './ledger-types.ts'
export { logTargets, sampledFrontends } from './log-targets.ts'
export { addIntervals, addRanges, type Range } from './range.ts'
export { LOSS_PLACES, type LossPlace, type LossReport, readLossReport } from './report.ts'
export type { TimedReport } from './reports.ts'
