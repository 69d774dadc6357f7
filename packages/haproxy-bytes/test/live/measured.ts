import type { ConnectionTruth } from './connection.ts'
import type { Count } from './counted-duplex.ts'
import type { Exchange } from './server.ts'
import type { StatRow } from './stats-socket.ts'

/** Differences of all numeric columns of `show stat`: `bin`, `bout`, `req_tot`, `h1_bytes_out`, `comp_in`... */
export type Counters = Readonly<Record<string, number>>

/** All that went over one leg's sockets. */
export interface Leg {
  /** TCP payload. */
  readonly wire: Readonly<Count>
  /** Above TLS; the same as `wire` where there is none. */
  readonly plain: Readonly<Count>
  readonly connections: readonly ConnectionTruth[]
}

/** `show stat` and `show info` of one instant, as text: what a snapshot of the tool holds. */
export interface Snapshot {
  readonly stat: string
  readonly info: StatRow
}

export interface Measured {
  readonly name: string
  readonly frontendName: string
  readonly backendName: string
  /** Datagrams as they came, syslog header and line feed included. */
  readonly lines: readonly Buffer[]
  /** Between client and HAProxy, seen from the client. */
  readonly client: Leg
  /** Between HAProxy and server, seen from the server. */
  readonly server: Leg
  readonly exchanges: readonly Exchange[]
  readonly frontend: Counters
  readonly backend: Counters
  readonly before: Snapshot
  readonly after: Snapshot
}

const PROXY_KINDS = new Set(['FRONTEND', 'BACKEND'])

/** What was counted between two snapshots; gauges such as `scur` come out as differences, too. */
export function delta(before: StatRow | undefined, after: StatRow | undefined): Counters {
  const counters: Record<string, number> = {}
  for (const [name, value] of Object.entries(after ?? {})) {
    if (!/^\d+$/.test(value)) continue
    const earlier = before?.[name] ?? '0'
    counters[name] = Number(value) - Number(/^\d+$/.test(earlier) ? earlier : 0)
  }
  return counters
}

export const rowOf = (rows: readonly StatRow[], proxy: string): StatRow | undefined =>
  rows.find((row) => row.pxname === proxy && PROXY_KINDS.has(row.svname ?? ''))

/** The message of a datagram as HAProxy's default format (`local`, without a host) or rfc3164 wraps it. */
export const messageText = (datagram: Buffer): string =>
  datagram
    .toString('latin1')
    .replace(/^<\d+>\w{3} [ \d]\d [\d:]{8} (?:\S+ )?\w+\[\d+\]: /, '')
    .replace(/\n$/, '')
