import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeCertificate } from './certificate.ts'
import { open } from './client.ts'
import { type ConnectionTruth, sumOf } from './connection.ts'
import { openH2 } from './h2-client.ts'
import { globalSection, type Haproxy, startHaproxy } from './haproxy.ts'
import { delta, type Leg, type Measured, rowOf, type Snapshot } from './measured.ts'
import { scratchFolder } from './program.ts'
import { DEFAULTS, type Drive, proxiesOf, type RigOptions, type Scenario } from './scenario.ts'
import { type Origin, startOrigin } from './server.ts'
import { statRows } from './stats-socket.ts'
import { type SyslogSink, udpSink } from './syslog-sink.ts'
import { until, within } from './waiting.ts'

interface Place {
  readonly scenario: Scenario
  readonly sink: SyslogSink
  readonly origin: Origin | undefined
}

export interface Rig {
  readonly haproxy: Haproxy
  /** Runs a scenario of this rig; one at a time where counters of the whole process matter. */
  run(name: string): Promise<Measured>
  stop(): Promise<void>
}

/** An errorfile of its own, with a Connection header that HAProxy counts and doesn't send. */
const ERROR_FILE = [
  'HTTP/1.0 503 Service Unavailable',
  'Cache-Control: no-cache',
  'Connection: close',
  'Content-Type: text/html',
  '',
  '<html><body><h1>Come back later, please!</h1></body></html>\n',
].join('\r\n')

const legOf = (connections: readonly ConnectionTruth[]): Leg => ({
  wire: sumOf(connections, 'wire'),
  plain: sumOf(connections, 'plain'),
  connections,
})

/** One haproxy that serves all these scenarios, each with a frontend, a backend, a sink and an origin of its own. */
export async function startRig(scenarios: readonly Scenario[], options: RigOptions = {}): Promise<Rig> {
  const scratch = scratchFolder('rig')
  const certificate = makeCertificate(scratch.folder)
  writeFileSync(join(scratch.folder, '503.http'), ERROR_FILE)
  const places: Place[] = await Promise.all(
    scenarios.map(async (scenario) => {
      const { tls, ...talking } = scenario.origin ?? {}
      const given = { ...talking, ...(tls && { tls: certificate }) }
      return { scenario, sink: await udpSink(), origin: scenario.origin && (await startOrigin(given)) }
    }),
  )
  const release = async (): Promise<void> => {
    await Promise.all(places.flatMap(({ sink, origin }) => [sink.stop(), origin?.stop()]))
    scratch.remove()
  }
  const write = (ports: readonly number[], socket: string): string => {
    const proxies = places.map(({ scenario, sink, origin }, at) =>
      proxiesOf(scenario, options, { port: ports[at] ?? 0, sink: sink.target, origin: origin?.port }),
    )
    const config = `${[globalSection(socket, options.extraGlobal), DEFAULTS, ...proxies].join('\n\n')}\n`
    return options.rewrite?.(config) ?? config
  }
  const program = options.program ? { program: options.program } : {}
  const haproxy = await startHaproxy(scratch.folder, write, { ports: places.length, ...program }).catch(
    async (error: unknown) => {
      await release()
      throw error
    },
  )
  const run = async (name: string): Promise<Measured> => {
    const at = places.findIndex(({ scenario }) => scenario.name === name)
    const place = places[at]
    if (place === undefined) throw new Error(`no scenario ${name}`)
    return await within(30_000, `scenario ${name}`, measure(haproxy, place, haproxy.ports[at] ?? 0))
  }
  const stop = async (): Promise<void> => {
    await haproxy.stop()
    await release()
  }
  return { haproxy, run, stop }
}

const snapshotOf = async (haproxy: Haproxy): Promise<Snapshot> => ({
  stat: await haproxy.statText(),
  info: await haproxy.info(),
})

/**
 * All connections were accepted (one that is closed at once may still wait for that) and their sessions are over:
 * only then have all counters been added up.
 */
const settled = (haproxy: Haproxy, proxies: readonly string[], connections: number): Promise<true> =>
  until(`the end of all sessions of ${proxies.join(' and ')}`, async () => {
    for (const proxy of proxies) {
      for (const row of await haproxy.stat(proxy)) {
        if (Number(row.scur) > 0) return undefined
        if (row.svname === 'FRONTEND' && Number(row.conn_tot) < connections) return undefined
      }
    }
    return true
  })

async function measure(haproxy: Haproxy, { scenario, sink, origin }: Place, port: number): Promise<Measured> {
  const [frontendName, backendName] = [`fe_${scenario.name}`, `be_${scenario.name}`]
  const before = await snapshotOf(haproxy)
  const opened: (ConnectionTruth & { finish(): Promise<void> })[] = []
  const known = { server: origin?.connections.length ?? 0, exchanges: origin?.exchanges.length ?? 0 }
  sink.clear()
  const keep = <T extends ConnectionTruth & { finish(): Promise<void> }>(connection: T): T => {
    opened.push(connection)
    return connection
  }
  const tls = { servername: 'example.com', rejectUnauthorized: false }
  const drive: Drive = {
    open: async (given = {}) =>
      keep(await open(port, { ...given, ...(given.tls && { tls: { ...tls, ...given.tls } }) })),
    openH2: async (given = {}) => keep(await openH2(port, given.tls ? tls : undefined)),
    origin,
  }
  await scenario.client(drive)
  await Promise.all(opened.map((connection) => connection.finish()))
  const earlier = Number(rowOf(statRows(before.stat), frontendName)?.conn_tot ?? 0)
  await settled(haproxy, [frontendName, backendName], earlier + opened.length)
  await sink.first(scenario.lines)
  await sink.drain()
  const after = await snapshotOf(haproxy)
  const [rowsBefore, rowsAfter] = [statRows(before.stat), statRows(after.stat)]
  return {
    name: scenario.name,
    frontendName,
    backendName,
    lines: [...sink.datagrams],
    client: legOf(opened),
    server: legOf(origin?.connections.slice(known.server) ?? []),
    exchanges: origin?.exchanges.slice(known.exchanges) ?? [],
    frontend: delta(rowOf(rowsBefore, frontendName), rowOf(rowsAfter, frontendName)),
    backend: delta(rowOf(rowsBefore, backendName), rowOf(rowsAfter, backendName)),
    before,
    after,
  }
}

/** Starts a rig for one scenario, runs it, and ends. */
export async function runScenario(scenario: Scenario, options: RigOptions = {}): Promise<Measured> {
  const rig = await startRig([scenario], options)
  try {
    return await rig.run(scenario.name)
  } finally {
    await rig.stop()
  }
}
