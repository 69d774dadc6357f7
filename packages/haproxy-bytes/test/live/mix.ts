import { type ClientConnection, open, request, transfer } from './client.ts'
import { type ConnectionTruth, sumOf } from './connection.ts'
import { globalSection, type Haproxy, startHaproxy } from './haproxy.ts'
import type { Message } from './http1-message.ts'
import { type Counters, delta, type Leg, rowOf, type Snapshot } from './measured.ts'
import { mixProxies } from './mix-config.ts'
import { MIX_KINDS, type MixKind } from './mix-kinds.ts'
import { scratchFolder } from './program.ts'
import { Random } from './random.ts'
import { DEFAULTS, type RigOptions } from './scenario.ts'
import { nodeLike } from './scenarios/origin-script.ts'
import { type Exchange, type Script, startOrigin } from './server.ts'
import { statRows } from './stats-socket.ts'
import { udpSink } from './syslog-sink.ts'
import { until } from './waiting.ts'

export interface MixOptions extends RigOptions {
  readonly requests: number
  readonly seed: number
  /** Concurrent connections, kept alive where both ends do; 8 if not given. */
  readonly connections?: number
  /** Names of kinds; all if not given. */
  readonly kinds?: readonly string[]
}

/** What one request really cost. Its URI ends in `id=N`, which is how its line is found. */
export interface RequestTruth {
  readonly id: number
  readonly kind: string
  readonly port: number
  /** On the client's socket. */
  readonly sent: number
  readonly received: number
  readonly response: Message
  /** On the server's socket, all attempts together; 0 where it never got there. */
  readonly serverReceived: number
  readonly serverSent: number
  readonly attempts: number
}

export interface Mix {
  readonly config: string
  readonly truths: readonly RequestTruth[]
  readonly lines: readonly Buffer[]
  readonly client: Leg
  readonly server: Leg
  /** Differences of the counters by the names of proxies: `fe_mix`, `be_plain`... */
  readonly counters: Readonly<Record<string, Counters>>
  readonly before: Snapshot
  readonly after: Snapshot
}

interface Planned {
  readonly id: number
  readonly kind: MixKind
  readonly bytes: Buffer
}

const idOf = (text: string): number => Number(/[?&]id=(\d+)/.exec(text)?.[1] ?? -1)

function plan({ requests, seed, kinds }: MixOptions): Planned[] {
  const random = new Random(seed)
  const chosen = MIX_KINDS.filter(({ name }) => kinds === undefined || kinds.includes(name))
  return Array.from({ length: requests }, (_, id) => {
    const kind = random.pick(chosen)
    const { path, options } = kind.request(random)
    return { id, kind, bytes: request(`/${kind.name}${path}?id=${id}`, options) }
  })
}

/** The paths of the scenarios behind the name of the kind, which may have to be asked for several times. */
function mixScript(): Script {
  const failures = new Map<number, number>()
  return (asked) => {
    const [, name, ...rest] = asked.path.split('/')
    const kind = MIX_KINDS.find((one) => one.name === name)
    const id = idOf(asked.path)
    const failed = failures.get(id) ?? 0
    if (failed >= (kind?.failures ?? 0)) return nodeLike({ ...asked, path: `/${rest.join('/')}` })
    failures.set(id, failed + 1)
    return { pieces: [], afterwards: 'end' }
  }
}

const snapshotOf = async (haproxy: Haproxy): Promise<Snapshot> => ({
  stat: await haproxy.statText(),
  info: await haproxy.info(),
})

type ClientTruth = Omit<RequestTruth, 'serverReceived' | 'serverSent' | 'attempts'>

/** Sends these one after the other, on as few connections as that takes. */
async function sendAll(
  port: number,
  planned: readonly Planned[],
  opened: ConnectionTruth[],
): Promise<ClientTruth[]> {
  const truths: ClientTruth[] = []
  let connection: ClientConnection | undefined
  for (const { id, kind, bytes } of planned) {
    connection ??= await open(port)
    if (!opened.includes(connection)) opened.push(connection)
    const { sent, received, response } = await transfer(connection, bytes)
    if (response === undefined) throw new Error(`${kind.name} id=${id}: no response`)
    truths.push({ id, kind: kind.name, port: connection.port, sent, received, response })
    if (kind.closes) {
      await connection.finish()
      connection = undefined
    }
  }
  await connection?.finish()
  return truths
}

const onServer = (exchanges: readonly Exchange[]) => {
  const byId = new Map<number, { serverReceived: number; serverSent: number; attempts: number }>()
  for (const { request: asked, received, sent } of exchanges) {
    const id = idOf(asked.start)
    const sum = byId.get(id) ?? { serverReceived: 0, serverSent: 0, attempts: 0 }
    sum.serverReceived += received
    sum.serverSent += sent
    sum.attempts++
    byId.set(id, sum)
  }
  return byId
}

/** A seeded mix of requests through one frontend, with what each of them cost on both legs. */
export async function runMix(options: MixOptions): Promise<Mix> {
  const scratch = scratchFolder('mix')
  const sink = await udpSink()
  const origin = await startOrigin({ script: mixScript() })
  let haproxy: Haproxy | undefined
  try {
    const write = (ports: readonly number[], socket: string): string => {
      const proxies = mixProxies(options, { port: ports[0] ?? 0, sink: sink.target, origin: origin.port })
      const config = `${[globalSection(socket, options.extraGlobal), DEFAULTS, ...proxies].join('\n\n')}\n`
      return options.rewrite?.(config) ?? config
    }
    const running = await startHaproxy(scratch.folder, write, { ports: 1 })
    haproxy = running
    const before = await snapshotOf(running)
    const planned = plan(options)
    const workers = options.connections ?? 8
    const opened: ConnectionTruth[] = []
    const shares = Array.from({ length: workers }, (_, worker) =>
      planned.filter(({ id }) => id % workers === worker),
    )
    const sent = await Promise.all(shares.map((share) => sendAll(running.ports[0] ?? 0, share, opened)))
    await until('the end of all sessions', async () => {
      const rows = await running.stat()
      return rows.some((row) => /^[fb]e_/.test(row.pxname ?? '') && Number(row.scur) > 0) ? undefined : true
    })
    await sink.drain()
    if (sink.drops() > 0)
      throw new Error(`the kernel dropped ${sink.drops()} lines before they could be read`)
    const after = await snapshotOf(running)
    const servers = onServer(origin.exchanges)
    const nothing = { serverReceived: 0, serverSent: 0, attempts: 0 }
    const truths = sent.flat().map((truth) => ({ ...truth, ...(servers.get(truth.id) ?? nothing) }))
    const [rowsBefore, rowsAfter] = [statRows(before.stat), statRows(after.stat)]
    const names = [...new Set(rowsAfter.map((row) => row.pxname ?? ''))]
    const legOf = (connections: readonly ConnectionTruth[]): Leg => ({
      wire: sumOf(connections, 'wire'),
      plain: sumOf(connections, 'plain'),
      connections,
    })
    return {
      config: running.config,
      truths: truths.sort((a, b) => a.id - b.id),
      lines: [...sink.datagrams],
      client: legOf(opened),
      server: legOf(origin.connections),
      counters: Object.fromEntries(
        names.map((name) => [name, delta(rowOf(rowsBefore, name), rowOf(rowsAfter, name))]),
      ),
      before,
      after,
    }
  } finally {
    await haproxy?.stop()
    await Promise.all([sink.stop(), origin.stop()])
    scratch.remove()
  }
}
