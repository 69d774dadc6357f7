import { COLUMNS, type Column, type ProxyCounters } from './counters.ts'
import { CountersError } from './counters-error.ts'

const HEADER = /^#\s*pxname,svname,/

/**
 * Reads `show stat`, alone or with other text around it (`show info;show stat`). Undefined where there is none.
 * @throws CountersError for a row that doesn't fit its header
 */
export function parseShowStat(text: string): ProxyCounters[] | undefined {
  const lines = text.split(/\r?\n/)
  const start = lines.findIndex((line) => HEADER.test(line))
  if (start < 0) return undefined
  const header = splitCsv((lines[start] as string).replace(/^#\s*/, ''))
  const places = new Map(header.map((name, index) => [name, index]))
  const rows: ProxyCounters[] = []
  for (let at = start + 1; at < lines.length && lines[at]?.trim(); at++) {
    const cells = splitCsv(lines[at] as string)
    // Older versions end a row with a comma, others don't; text that only begins like one is none.
    if (cells.length < header.length - 1) throw new CountersError('bad-row', at + 1)
    rows.push(readRow(cells, places))
  }
  return rows
}

function readRow(cells: readonly string[], places: ReadonlyMap<string, number>): ProxyCounters {
  const cell = (name: string): string | undefined => cells[places.get(name) ?? -1]
  const counts: Partial<Record<Column, bigint>> = {}
  for (const column of COLUMNS) {
    const text = cell(column)
    if (text !== undefined && /^\d+$/.test(text)) counts[column] = BigInt(text)
  }
  const [open, mode] = [cell('scur'), cell('mode')]
  return {
    proxy: cell('pxname') ?? '',
    service: cell('svname') ?? '',
    counts,
    ...(open && { open: Number(open) }),
    ...(mode && { mode }),
  }
}

/** RFC 4180, as names and the texts of checks may be quoted. */
function splitCsv(line: string): string[] {
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (let at = 0; at < line.length; at++) {
    const char = line[at] as string
    if (quoted) {
      if (char !== '"') cell += char
      else if (line[at + 1] === '"') cell += line[++at] as string
      else quoted = false
    } else if (char === '"' && cell === '') quoted = true
    else if (char === ',') {
      cells.push(cell)
      cell = ''
    } else cell += char
  }
  return [...cells, cell]
}
