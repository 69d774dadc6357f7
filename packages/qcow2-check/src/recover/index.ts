export type * from './evidence.ts'
export { findEvidence } from './find-evidence.ts'
export type { SearchLimits } from './reading/budget.ts'
export type { EvidenceOptions } from './search.ts'
