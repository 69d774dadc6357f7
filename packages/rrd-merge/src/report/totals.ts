import type { FileReport, Totals } from './types.ts'

/** Before the first file. */
export const noTotals: Totals = { merged: 0, unchanged: 0, copied: 0, skipped: 0, failed: 0, filled: 0 }

/** Adds one file to the totals. */
export function addToTotals(totals: Totals, file: FileReport): Totals {
  return { ...totals, [file.status]: totals[file.status] + 1, filled: totals.filled + file.filled }
}
