export type { Candidate, Cause, CauseCode } from './cause.ts'
export { outside, type ReconciledProxy } from './compared-proxies.ts'
export type { FrontendWire } from './frontend-wire.ts'
export { type GapInterval, gapsOverTime } from './gaps-over-time.ts'
export type { LogSettings } from './log-settings.ts'
export type { LoggedSums } from './logged-sums.ts'
export {
  type DirectionGap,
  type LostLines,
  type ProxyEvidence,
  type ProxyGap,
  proxyGap,
} from './proxy-gap.ts'
export { type Incomparability, type ReconcileInput, type Reconciliation, reconcile } from './reconcile.ts'
export {
  type Bracket,
  boundsOf,
  bracket,
  type CountersGiven,
  type IncomparableReason,
  spanToRead,
} from './span.ts'
export { type ProxyName, type Span, Tally, type Writer } from './tally.ts'
export type { TellingLosses, ToldLoss, ToldLosses } from './told-losses.ts'
export {
  DEFAULT_TOLERANCE,
  isTolerated,
  parseTolerance,
  type Tolerance,
  toleratedBytes,
} from './tolerance.ts'
export type { WireGap } from './wire-gap.ts'
export { parseWireTruth, type WireTruth, WireTruthError, type WireTruthErrorCode } from './wire-truth.ts'
