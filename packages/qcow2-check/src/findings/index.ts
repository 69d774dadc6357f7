export { FINDINGS, type FindingCode } from './codes.ts'
export * from './finding.ts'
export { findingText } from './text.ts'
