export { IntervalSet } from './interval-set.ts'
export { LOSS_PLACES, type LossPlace, type LossReport, readLossReport } from './report.ts'
