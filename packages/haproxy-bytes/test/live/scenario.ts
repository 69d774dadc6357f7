import type { ClientConnection, ConnectOptions } from './client.ts'
import type { H2Connection } from './h2-client.ts'
import type { Origin, OriginOptions } from './server.ts'

/** A row of the measured table: bytes, as far as the row has them. */
export interface PageRow {
  /** Sums over the scenario's lines. */
  readonly B?: number
  readonly U?: number
  /** On the client's socket. */
  readonly clientReceived?: number
  readonly clientSent?: number
  /** On the server's socket. */
  readonly serverSent?: number
  readonly serverReceived?: number
}

/** What the client of a scenario has at hand. Connections that it opens are closed and counted by the rig. */
export interface Drive {
  open(options?: ConnectOptions): Promise<ClientConnection>
  /** `tls` with ALPN, else with prior knowledge. */
  openH2(options?: { readonly tls?: boolean }): Promise<H2Connection>
  readonly origin: Origin | undefined
}

export interface Scenario {
  readonly name: string
  readonly mode?: 'http' | 'tcp'
  /** Behind the address of the `bind` line. */
  readonly bind?: string
  /** Files named in these lines lie in HAProxy's working folder: `site.pem`, `503.http`. */
  readonly frontend?: readonly string[]
  readonly backend?: readonly string[]
  /** Behind the address of the `server` line. */
  readonly server?: string
  /** Whole sections beside, such as a cache. */
  readonly sections?: readonly string[]
  /** Without an origin the backend has no server. */
  readonly origin?: Omit<OriginOptions, 'tls'> & { readonly tls?: boolean }
  readonly client: (drive: Drive) => Promise<void>
  /** How many log lines it makes. */
  readonly lines: number
  /** What haproxy.md 1.2 measured; `measured` where this rig differs from it, with the reason beside. */
  readonly page?: PageRow
  readonly measured?: PageRow
}

/** How the log is asked for. Functions are asked for each scenario: what HTTP may log, TCP may not. */
export interface RigOptions {
  /** A log-format string as in HAProxy's manual; else `option httplog` or `option tcplog`. */
  readonly logFormat?: string | ((scenario: Scenario) => string | undefined)
  /** Lines that come first in each frontend and backend. */
  readonly extraFrontend?: readonly string[] | ((scenario: Scenario) => readonly string[])
  readonly extraBackend?: readonly string[] | ((scenario: Scenario) => readonly string[])
  readonly extraGlobal?: readonly string[]
  /** Behind the target of each `log` line: `format rfc5424 local0`; `len 65535 local0` if not given. */
  readonly logLine?: string
  /** The whole configuration rewritten before it is run, such as by the tool under test. */
  readonly rewrite?: (config: string) => string
  readonly program?: string
}

/** A field for the configuration: within single quotes HAProxy takes everything as it is. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** Lines that are given as they are, or by scenario. */
export const linesOf = (
  given: readonly string[] | ((scenario: Scenario) => readonly string[]) | undefined,
  scenario: Scenario,
): readonly string[] => (typeof given === 'function' ? given(scenario) : (given ?? []))

/** A section of the configuration. */
export const section = (title: string, lines: readonly string[]): string =>
  [title, ...lines.map((line) => `    ${line}`)].join('\n')

/** The frontend and backend of a scenario. */
export function proxiesOf(
  scenario: Scenario,
  options: RigOptions,
  at: { readonly port: number; readonly sink: string; readonly origin: number | undefined },
): string {
  const mode = scenario.mode ?? 'http'
  const format = typeof options.logFormat === 'function' ? options.logFormat(scenario) : options.logFormat
  const frontend = [
    `mode ${mode}`,
    `bind 127.0.0.1:${at.port}${scenario.bind ? ` ${scenario.bind}` : ''}`,
    `log ${at.sink} ${options.logLine ?? 'len 65535 local0'}`,
    format === undefined ? `option ${mode}log` : `log-format ${quoted(format)}`,
    ...linesOf(options.extraFrontend, scenario),
    ...(scenario.frontend ?? []),
    `default_backend be_${scenario.name}`,
  ]
  const backend = [
    `mode ${mode}`,
    ...linesOf(options.extraBackend, scenario),
    ...(scenario.backend ?? []),
    ...(at.origin === undefined ? [] : [`server s1 127.0.0.1:${at.origin} ${scenario.server ?? ''}`.trim()]),
  ]
  const proxies = [
    section(`frontend fe_${scenario.name}`, frontend),
    section(`backend be_${scenario.name}`, backend),
  ]
  return [...(scenario.sections ?? []), ...proxies].join('\n\n')
}

export const DEFAULTS = section('defaults', ['timeout connect 1s', 'timeout client 5s', 'timeout server 5s'])
