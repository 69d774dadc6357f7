export { type ArrivedLine, LossCollector } from './collector.ts'
export { type ByteEstimate, estimateBytes, type SampleFacts } from './estimate.ts'
export { IntervalSet } from './interval-set.ts'
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
export type { Range } from './range.ts'
export { LOSS_PLACES, type LossPlace, type LossReport, readLossReport } from './report.ts'
export type { TimedReport } from './reports.ts'
