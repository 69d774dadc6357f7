import { jsonInteger } from '@nightshift/tooling/command-line'
import { escapeText } from '@nightshift/tooling/terminal'
import papa from 'papaparse'

/** Beginnings that a spreadsheet takes for a formula (OWASP, CSV injection), full-width twins among them. */
const FORMULA = /^[=+\-@|%＝＋－＠]/u

/** What a cell of a CSV holds; null is an empty one. */
export type Cell = string | number | bigint | null

/**
 * One row of CSV (RFC 4180), its CRLF included. A text came from a log: it can't start a formula (a `'` stands before
 * it), and control characters are shown as escapes. A number stays one, also -1.
 */
export function csvRow(cells: readonly Cell[]): string {
  const safe = cells.map((cell) =>
    typeof cell === 'string' ? escapeText(cell) : typeof cell === 'bigint' ? jsonInteger(cell) : cell,
  )
  return `${papa.unparse([safe], { escapeFormulae: FORMULA })}\r\n`
}
