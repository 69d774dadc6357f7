import type { Column } from '@nightshift/tooling/terminal'

/**
 * Lines of a table as `formatTable` lays it out, for rows of any number: they are gone through twice, and never held.
 *
 * @param rows cells of which each character is one column wide, as text of a log is (Latin-1)
 */
export function* longTable(columns: readonly Column[], rows: Iterable<readonly string[]>): Generator<string> {
  const headings = columns.map(({ heading }) => heading)
  const widths = headings.map(({ length }) => length)
  for (const row of rows)
    for (const [number, { length }] of row.entries()) widths[number] = Math.max(widths[number] ?? 0, length)
  const line = (row: readonly string[]): string => {
    const cells = row.map((cell, number) => {
      const width = widths[number] as number
      return columns[number]?.align === 'right' ? cell.padStart(width) : cell.padEnd(width)
    })
    return `${cells.join('  ').trimEnd()}\n`
  }
  yield line(headings)
  for (const row of rows) yield line(row)
}
