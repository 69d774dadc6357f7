export type { CountedLines } from './counters.ts'
export { type HandedLines, KernelSplitter } from './kernel-splitter.ts'
export { KernelTotals, type KernelTotalsSettings, type TakenSink } from './kernel-totals.ts'
