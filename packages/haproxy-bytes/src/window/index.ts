export { type Found, findWindow, SMALLEST_SEARCHED } from './find-window.ts'
export type { Hole } from './hole.ts'
export { type Disorder, OrderWatch, SHUFFLED } from './order.ts'
export { type DatedLine, type InstantOf, ProbedLines } from './probe.ts'
