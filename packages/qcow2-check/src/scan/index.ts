export { Exposition } from './prometheus.ts'
export { scan } from './scan.ts'
export { SCAN_VERDICTS, TotalsCounter } from './totals.ts'
export type { ScannedImage, ScanOptions, ScanResult, ScanTotals, ScanVerdict } from './types.ts'
