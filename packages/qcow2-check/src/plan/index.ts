export { fingerprintOf } from './fingerprint.ts'
export { type Proof, type ProofOptions, proveNothingBehind } from './nothing-behind.ts'
export * from './plan.ts'
export { type PlanOptions, planForCheck, planRepair } from './plan-repair.ts'
