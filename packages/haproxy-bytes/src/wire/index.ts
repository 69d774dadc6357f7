export { apportion, type Candidate, type Share, shareOf, shareOut } from './apportion.ts'
export {
  type Explained,
  type ExplainedDirection,
  type ExplainSettings,
  type Explanation,
  explain,
  pairKey,
} from './explain.ts'
export { type Modelled, modelled, type Rest, restOf } from './modelled.ts'
export { type TlsEstimate, tlsEstimate } from './tls-estimate.ts'
export type { Step, StepCode } from './waterfall.ts'
export { type TlsTraffic, WireGroup } from './wire-group.ts'
export { ASKED_FIELDS, type WireSettings, WireTotals } from './wire-totals.ts'
