/** Names are those of `show stat`'s columns, whatever a source calls them. Counts since the process began, bytes. */
export const COLUMNS = [
  'stot', // sessions
  'bin',
  'bout',
  'req_tot', // HTTP requests
  'dreq',
  'ereq',
  'dresp',
  'eresp',
  'hrsp_1xx',
  'hrsp_2xx',
  'hrsp_3xx',
  'hrsp_4xx',
  'hrsp_5xx',
  'hrsp_other',
  'cli_abrt',
  'srv_abrt',
  'wretr',
  'wredis',
  'comp_in',
  'comp_out',
  'comp_byp',
  'comp_rsp',
  'intercepted', // monitor-uri, stats, redirects
  'cache_hits',
  'h1_bytes_in',
  'h1_bytes_out',
  'reqbin',
  'reqbout',
  'resbin',
  'resbout',
] as const

export type Column = (typeof COLUMNS)[number]

/** A frontend, a backend or one server of it. A column that the source doesn't have is undefined. */
export interface ProxyCounters {
  readonly proxy: string
  /** `FRONTEND`, `BACKEND`, or the server's name. */
  readonly service: string
  readonly counts: Readonly<Partial<Record<Column, bigint>>>
  /** Sessions open at that moment (`scur`); not a count. */
  readonly open?: number
  /** `http` or `tcp`. */
  readonly mode?: string
}

/** All that one look at a process gave. */
export interface Snapshot {
  /** Milliseconds of UTC; undefined where the source doesn't say. */
  readonly time?: number
  readonly version?: string
  readonly pid?: number
  /** When the process began, seconds of UTC. */
  readonly startTime?: number
  readonly uptime?: number
  /** `DroppedLogs` */
  readonly droppedLogs?: bigint
  /** `TotalBytesOut`: all that the process wrote on all sockets, its answers to `show stat` among it. */
  readonly totalBytesOut?: bigint
  readonly proxies: readonly ProxyCounters[]
}

export function findCounters(
  { proxies }: Snapshot,
  proxy: string,
  service: string,
): ProxyCounters | undefined {
  return proxies.find((one) => one.proxy === proxy && one.service === service)
}
