export { FINDINGS, type FindingCode } from './codes.ts'
export * from './finding.ts'
