import { COLUMNS, type Column, type ProxyCounters, type Snapshot } from './counters.ts'

/**
 * Why two snapshots can't be subtracted: `other-process`: another pid or start (a reload, a restart, another host);
 * `decreased`: a count went down, so the counters were cleared between; `order`: the first was taken after the second.
 */
export type Incomparable = 'other-process' | 'decreased' | 'order'

/** What was counted between two snapshots, or why that can't be told. */
export type Delta =
  | { readonly comparable: true; readonly proxies: readonly ProxyCounters[]; readonly droppedLogs?: bigint }
  | { readonly comparable: false; readonly why: Incomparable; readonly proxy?: string }

/** Seconds that Start_time_sec may differ in one process: it is computed from the uptime. */
const START_SLACK = 2

/** What happened between two looks at one process. A proxy that is only in the later one counts from zero. */
export function subtract(before: Snapshot, after: Snapshot): Delta {
  const differs = (a?: number, b?: number, slack = 0): boolean =>
    a !== undefined && b !== undefined && Math.abs(a - b) > slack
  if (differs(before.pid, after.pid) || differs(before.startTime, after.startTime, START_SLACK))
    return { comparable: false, why: 'other-process' }
  if (before.time !== undefined && after.time !== undefined && before.time > after.time)
    return { comparable: false, why: 'order' }
  if (before.uptime !== undefined && after.uptime !== undefined && before.uptime > after.uptime)
    return { comparable: false, why: before.pid === undefined ? 'decreased' : 'order' }
  const earlier = new Map(before.proxies.map((one) => [`${one.proxy} ${one.service}`, one]))
  const proxies: ProxyCounters[] = []
  for (const one of after.proxies) {
    const counts = difference(earlier.get(`${one.proxy} ${one.service}`)?.counts, one.counts)
    if (!counts) return { comparable: false, why: 'decreased', proxy: one.proxy }
    proxies.push({ ...one, counts })
  }
  const dropped =
    before.droppedLogs !== undefined && after.droppedLogs !== undefined
      ? after.droppedLogs - before.droppedLogs
      : undefined
  if (dropped !== undefined && dropped < 0n) return { comparable: false, why: 'decreased' }
  return { comparable: true, proxies, ...(dropped !== undefined && { droppedLogs: dropped }) }
}

/** Undefined where one went down. */
function difference(
  from: ProxyCounters['counts'] | undefined,
  to: ProxyCounters['counts'],
): Partial<Record<Column, bigint>> | undefined {
  const result: Partial<Record<Column, bigint>> = {}
  for (const column of COLUMNS) {
    const now = to[column]
    if (now === undefined || (from !== undefined && from[column] === undefined)) continue
    const count = now - (from?.[column] ?? 0n)
    if (count < 0n) return undefined
    result[column] = count
  }
  return result
}
