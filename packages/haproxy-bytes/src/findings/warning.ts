/** What a warning is made of. */
export type FieldValue = string | number | bigint | null | readonly string[]

/**
 * What somebody should know before a figure is used, and of every command that says so. A code is part of the public
 * interface: it is never given another meaning. Each has a section in docs/codes.md and its one text in text.ts.
 */
export const WARNING_CODES = [
  // Of the log
  'lines-unread',
  'lines-cut',
  'logged-early',
  'bytes-in-partly',
  // Of lines that never arrived
  'loss-reported',
  'loss-begun',
  'counter-gap',
  // Of the wire
  'bytes-swapped',
  'own-replies-zero',
  'several-versions',
  'wire-counters-doubled',
  'counters-incomparable',
  'counters-beside',
  // Of partial results
  'log-repeated',
  'log-incomplete',
] as const
export type WarningCode = (typeof WARNING_CODES)[number]

/** One warning: its code, and the values that its text is made of. */
export interface Warning {
  readonly code: WarningCode
  readonly fields: Readonly<Record<string, FieldValue>>
}
