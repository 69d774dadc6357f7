import { csvRow } from './csv.ts'
import { FIGURES } from './figures.ts'
import type { TotalReport } from './total-report.ts'

/** A header, then a row a group. What isn't known is an empty cell; `without_bytes_in` says of how many. */
export function* totalCsv({ keys, totals: { groups } }: TotalReport): Generator<string> {
  yield csvRow([...keys, ...FIGURES.map(({ name }) => name)])
  for (const { key, ...sums } of groups) yield csvRow([...key, ...FIGURES.map(({ of }) => of(sums))])
}
