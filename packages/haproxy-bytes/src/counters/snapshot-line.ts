import { COLUMNS, type Column, type ProxyCounters, type Snapshot } from './counters.ts'
import { CountersError } from './counters-error.ts'
import { defined } from './show-info.ts'

export const SNAPSHOT_SCHEMA = 'haproxy-bytes/snapshot@1'

/** One line of what `snapshot` writes: counts as decimal strings, so that nothing rounds them. */
export function formatSnapshotLine(snapshot: Snapshot): string {
  const { time, droppedLogs, totalBytesOut, proxies, ...process } = snapshot
  return JSON.stringify({
    schema: SNAPSHOT_SCHEMA,
    ...(time !== undefined && { time: new Date(time).toISOString() }),
    ...process,
    ...(droppedLogs !== undefined && { droppedLogs: String(droppedLogs) }),
    ...(totalBytesOut !== undefined && { totalBytesOut: String(totalBytesOut) }),
    proxies: proxies.map(({ counts, ...proxy }) => ({
      ...proxy,
      counts: Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, String(count)])),
    })),
  })
}

/** @throws CountersError where it is none; `line` only names it */
export function parseSnapshotLine(text: string, line = 0): Snapshot {
  const fail = (): never => {
    throw new CountersError('bad-snapshot', line)
  }
  let parsed: Record<string, unknown>
  try {
    parsed = JSON.parse(text) as Record<string, unknown>
  } catch {
    return fail()
  }
  if (parsed?.schema !== SNAPSHOT_SCHEMA || !Array.isArray(parsed.proxies)) return fail()
  const number = (name: string): number | undefined =>
    Number.isFinite(parsed[name]) ? (parsed[name] as number) : undefined
  const time = typeof parsed.time === 'string' ? Date.parse(parsed.time) : Number.NaN
  return {
    ...defined({
      time: Number.isNaN(time) ? undefined : time,
      version: typeof parsed.version === 'string' ? parsed.version : undefined,
      pid: number('pid'),
      startTime: number('startTime'),
      uptime: number('uptime'),
      droppedLogs: countOf(parsed.droppedLogs),
      totalBytesOut: countOf(parsed.totalBytesOut),
    }),
    proxies: parsed.proxies.map((row) => proxyOf(row as Record<string, unknown>) ?? fail()),
  }
}

function proxyOf(row: Record<string, unknown>): ProxyCounters | undefined {
  const { proxy, service, counts, open, mode } = row ?? {}
  if (typeof proxy !== 'string' || typeof service !== 'string' || typeof counts !== 'object') return undefined
  const known: Partial<Record<Column, bigint>> = {}
  for (const column of COLUMNS) {
    const count = countOf((counts as Record<string, unknown>)[column])
    if (count !== undefined) known[column] = count
  }
  return {
    proxy,
    service,
    counts: known,
    ...(typeof open === 'number' && { open }),
    ...(typeof mode === 'string' && { mode }),
  }
}

function countOf(value: unknown): bigint | undefined {
  return typeof value === 'string' && /^\d{1,30}$/.test(value) ? BigInt(value) : undefined
}
