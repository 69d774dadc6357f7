export { IntervalSet } from './interval-set.ts'
export { type LossPlace, type LossReport, readLossReport } from './report.ts'
