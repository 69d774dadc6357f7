import { connect } from 'node:net'
import { within } from './waiting.ts'

/** One row of `show stat`, by HAProxy's own column names. */
export type StatRow = Readonly<Record<string, string>>

/** Sends one command to HAProxy's stats socket; the answer as it came. */
export function command(path: string, text: string): Promise<string> {
  const answer = new Promise<string>((done, failed) => {
    const parts: Buffer[] = []
    const socket = connect(path, () => socket.write(`${text}\n`))
    socket.on('data', (part) => parts.push(part))
    socket.once('error', failed)
    socket.once('close', () => done(Buffer.concat(parts).toString('latin1')))
  })
  return within(10_000, `stats socket: ${text}`, answer)
}

/** `show stat` of all proxies, or of one. */
export async function showStat(path: string, proxy?: string): Promise<string> {
  return await command(path, proxy === undefined ? 'show stat' : `show stat ${proxy} -1 -1`)
}

/** HAProxy's CSV quotes what holds a comma, a quote or a line feed, and doubles the quotes. */
function cellsOf(line: string): string[] {
  const cells: string[] = []
  for (const [, quoted, plain] of line.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/g))
    cells.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
  return cells
}

export function statRows(csv: string): StatRow[] {
  const [head = '', ...lines] = csv.split('\n').filter((line) => line !== '')
  const names = cellsOf(head.replace(/^# /, ''))
  return lines.map((line) => {
    const cells = cellsOf(line)
    return Object.fromEntries(names.flatMap((name, at) => (name === '' ? [] : [[name, cells[at] ?? '']])))
  })
}

/** `show info`, by its own names. */
export async function showInfo(path: string): Promise<StatRow> {
  const text = await command(path, 'show info')
  return Object.fromEntries(
    [...text.matchAll(/^([^:\n]+): ?(.*)$/gm)].map(([, name, value]) => [name, value]),
  )
}
