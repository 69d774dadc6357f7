import type { Warning } from '../findings/index.ts'
import type { Merged } from './merge.ts'

/** Where a log came more than once. @param pieces so many were left out */
export function repeatWarnings(pieces: number): Warning[] {
  return pieces > 0 ? [{ code: 'log-repeated', fields: { pieces } }] : []
}

/** What somebody should know of how parts came together. */
export function mergeWarnings({ repeated, incomplete }: Merged): Warning[] {
  return [
    ...repeatWarnings(repeated),
    ...incomplete.map(
      ({ bytes, length }): Warning => ({ code: 'log-incomplete', fields: { bytes, length } }),
    ),
  ]
}
