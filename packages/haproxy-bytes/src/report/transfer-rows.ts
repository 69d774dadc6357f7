import { type Column, escapeText, formatTable } from '@nightshift/tooling/terminal'
import type { FieldValue, Transfer } from '../transfer/index.ts'
import { csvRow } from './csv.ts'

/** A transfer as an object: its fields by name. */
export function transferRow(fields: readonly FieldValue[]): Record<string, string | number | null> {
  return Object.fromEntries(fields.map(({ name, value }) => [name, value]))
}

/** A transfer as a row of CSV: of a field that its format doesn't have the cell is empty. */
export function transferCsv(names: readonly string[], fields: readonly FieldValue[]): string {
  const values = new Map(fields.map(({ name, value }) => [name, value]))
  return csvRow(names.map((name) => values.get(name) ?? null))
}

const COLUMNS: readonly Column[] = [
  { heading: 'ended' },
  { heading: 'client' },
  { heading: 'frontend' },
  { heading: 'backend/server' },
  { heading: 'status', align: 'right' },
  { heading: 'bytes out', align: 'right' },
  { heading: 'ms', align: 'right' },
  { heading: 'state' },
  { heading: 'request' },
]
const REQUEST = ['r', 'HU', 'HP', 'HPO']

/** The cells of a transfer in a table for people. */
export function transferCells(
  transfer: Transfer,
  fields: readonly FieldValue[],
  localTime: (instant: number) => string,
): string[] {
  const text = (...names: readonly string[]): string | undefined =>
    names
      .map((wanted) => fields.find(({ name }) => name === wanted)?.text)
      .find((found) => found !== undefined)
  const { instant, client, clientPort, frontend, backend, server, status, state } = transfer
  const cells = [
    instant === undefined ? undefined : localTime(instant).replace('T', ' '),
    client === undefined || clientPort === undefined ? client : `${client}:${clientPort}`,
    frontend,
    backend === undefined || server === undefined ? (backend ?? server) : `${backend}/${server}`,
    status,
    text('B', 'bytes_out'),
    text('Ta', 'Tt'),
    state,
    text(...REQUEST),
  ]
  return cells.map((cell) => (cell === undefined ? '-' : escapeText(String(cell))))
}

/** Rows of a table, aligned among themselves; with headings where they are the first. */
export function transferTable(rows: readonly (readonly string[])[], isFirst: boolean): string {
  const table = formatTable(COLUMNS, rows)
  return isFirst ? table : table.slice(table.indexOf('\n') + 1)
}
