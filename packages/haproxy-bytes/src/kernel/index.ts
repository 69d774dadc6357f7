export { type HandedLines, KernelSplitter } from './kernel-splitter.ts'
export { KernelTotals, type KernelTotalsSettings } from './kernel-totals.ts'
