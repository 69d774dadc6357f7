import type { Column, ProxyCounters, Snapshot } from './counters.ts'
import { defined } from './show-info.ts'

/** Series of HAProxy's own exporter (2.0 and later) and of haproxy_exporter, after `haproxy_<frontend|backend|server>_`. */
const SERIES: Readonly<Record<string, Column>> = {
  sessions_total: 'stot',
  bytes_in_total: 'bin',
  bytes_out_total: 'bout',
  http_requests_total: 'req_tot',
  requests_denied_total: 'dreq',
  request_errors_total: 'ereq',
  responses_denied_total: 'dresp',
  response_errors_total: 'eresp',
  client_aborts_total: 'cli_abrt',
  server_aborts_total: 'srv_abrt',
  retry_warnings_total: 'wretr',
  redispatch_warnings_total: 'wredis',
  http_comp_bytes_in_total: 'comp_in',
  http_comp_bytes_out_total: 'comp_out',
  http_comp_bytes_bypassed_total: 'comp_byp',
  http_comp_responses_total: 'comp_rsp',
  intercepted_requests_total: 'intercepted',
  http_cache_hits_total: 'cache_hits',
  h1_bytes_in: 'h1_bytes_in',
  h1_bytes_out: 'h1_bytes_out',
  h1_bytes_in_total: 'h1_bytes_in',
  h1_bytes_out_total: 'h1_bytes_out',
  req_bytes_in_total: 'reqbin',
  req_bytes_out_total: 'reqbout',
  res_bytes_in_total: 'resbin',
  res_bytes_out_total: 'resbout',
}
const RESPONSES = /^http_responses_total$/

const SAMPLE = /^(haproxy_[a-z0-9_]+)(?:\{(.*)\})?\s+(\S+)(?:\s+(-?\d+))?\s*$/
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g

/** Reads a Prometheus exposition. Undefined where it has no counter of HAProxy's. */
export function parseExposition(text: string): Omit<Snapshot, 'time'> | undefined {
  const rows = new Map<string, { proxy: string; service: string; counts: Partial<Record<Column, bigint>> }>()
  const process = new Map<string, number>()
  let version: string | undefined
  for (const line of text.split(/\r?\n/)) {
    const [, name, labelText = '', value = ''] = SAMPLE.exec(line) ?? []
    if (name === undefined) continue
    const labels = new Map([...labelText.matchAll(LABEL)].map(([, key, raw = '']) => [key, plainLabel(raw)]))
    if (name === 'haproxy_process_build_info') version = labels.get('version')
    const own = /^haproxy_process_(\w+)$/.exec(name)?.[1]
    if (own !== undefined) process.set(own, Number(value))
    const [, kind, series] = /^haproxy_(frontend|backend|server)_(\w+)$/.exec(name) ?? []
    const column = series === undefined ? undefined : columnOf(series, labels)
    const proxy = labels.get('proxy') ?? labels.get(kind as string)
    if (column === undefined || proxy === undefined || !/^\d+(?:\.\d+)?(?:e\+?\d+)?$/i.test(value)) continue
    const service = kind === 'server' ? (labels.get('server') ?? '') : (kind as string).toUpperCase()
    const id = `${proxy} ${service}`
    const row = rows.get(id) ?? { proxy, service, counts: {} }
    row.counts[column] = /^\d+$/.test(value) ? BigInt(value) : BigInt(Math.round(Number(value)))
    rows.set(id, row)
  }
  if (rows.size === 0) return undefined
  const whole = (name: string): bigint | undefined => {
    const value = process.get(name)
    return value !== undefined && Number.isFinite(value) ? BigInt(Math.round(value)) : undefined
  }
  const proxies: ProxyCounters[] = [...rows.values()]
  return {
    ...defined({
      version,
      startTime: process.get('start_time_seconds'),
      uptime: process.get('uptime_seconds'),
      droppedLogs: whole('dropped_logs_total'),
      totalBytesOut: whole('bytes_out_total'),
    }),
    proxies,
  }
}

function columnOf(series: string, labels: ReadonlyMap<string | undefined, string>): Column | undefined {
  if (RESPONSES.test(series)) {
    const code = labels.get('code')
    return code === undefined ? undefined : (`hrsp_${code}` as Column)
  }
  return Object.hasOwn(SERIES, series) ? SERIES[series] : undefined
}

const plainLabel = (text: string): string =>
  text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char))
