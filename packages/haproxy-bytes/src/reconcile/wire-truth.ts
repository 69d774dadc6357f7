/** What a client measured for one frontend. Bytes. */
export interface WireTruth {
  readonly frontend: string
  readonly bytesOut: bigint
  readonly bytesIn?: bigint
}

export type WireTruthErrorCode = 'no-header' | 'bad-row' | 'repeated' | 'empty'

const WHY: Readonly<Record<WireTruthErrorCode, string>> = {
  'no-header': 'the first line of CSV must be `frontend,bytesOut` or `frontend,bytesOut,bytesIn`',
  'bad-row': 'a row takes a frontend and whole numbers of bytes',
  repeated: 'a frontend is there twice: one total each',
  empty: 'there is no row in it',
}

/** A file of `--wire` that can't be taken. */
export class WireTruthError extends Error {
  override readonly name = 'WireTruthError'
  readonly code: WireTruthErrorCode
  /** From 1. */
  readonly line: number

  constructor(code: WireTruthErrorCode, line: number) {
    super(`line ${line}: ${WHY[code]}`)
    this.code = code
    this.line = line
  }
}

/** Reads CSV with a header, or NDJSON of objects, each with `frontend`, `bytesOut` and perhaps `bytesIn`. @throws WireTruthError */
export function parseWireTruth(text: string): WireTruth[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const rows = lines
    .map((line, index) => ({ line: index + 1, text: line.trim() }))
    .filter((row) => row.text !== '')
  const [first] = rows
  if (first === undefined) throw new WireTruthError('empty', 1)
  const truths = first.text.startsWith('{')
    ? rows.map((row) => ({ row, truth: truthOf(jsonOf(row.text) ?? {}) }))
    : csvRows(first.text, rows)
  const seen = new Set<string>()
  return truths.map(({ row, truth }) => {
    if (truth === undefined) throw new WireTruthError('bad-row', row.line)
    if (seen.has(truth.frontend)) throw new WireTruthError('repeated', row.line)
    seen.add(truth.frontend)
    return truth
  })
}

interface Row {
  readonly line: number
  readonly text: string
}

function csvRows(header: string, rows: readonly Row[]) {
  const names = cellsOf(header)
  if (!names.includes('frontend') || !names.includes('bytesOut')) throw new WireTruthError('no-header', 1)
  if (rows.length === 1) throw new WireTruthError('empty', 2)
  return rows.slice(1).map((row) => {
    const cells = cellsOf(row.text)
    const isWhole = cells.length === names.length
    return {
      row,
      truth: isWhole ? truthOf(Object.fromEntries(names.map((name, at) => [name, cells[at]]))) : undefined,
    }
  })
}

/** RFC 4180, without line feeds in cells: names of frontends have none. */
function cellsOf(line: string): string[] {
  const cells = [...line.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"|([^,]*))/g)]
  return cells.map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain.trim())
}

function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function truthOf({ frontend, bytesOut, bytesIn }: Record<string, unknown>): WireTruth | undefined {
  const [out, sent] = [bytesOf(bytesOut), bytesOf(bytesIn)]
  if (typeof frontend !== 'string' || frontend === '' || out === undefined) return undefined
  if (bytesIn !== undefined && bytesIn !== null && bytesIn !== '' && sent === undefined) return undefined
  return { frontend, bytesOut: out, ...(sent !== undefined && { bytesIn: sent }) }
}

/** JSON numbers are exact up to 2^53-1; larger ones come as text. */
function bytesOf(value: unknown): bigint | undefined {
  if (typeof value === 'string' && /^\d{1,30}$/.test(value)) return BigInt(value)
  return Number.isSafeInteger(value) && (value as number) >= 0 ? BigInt(value as number) : undefined
}
