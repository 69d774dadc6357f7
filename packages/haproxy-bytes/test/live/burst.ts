import { type ClientConnection, open, request, transfer } from './client.ts'
import { globalSection, startHaproxy } from './haproxy.ts'
import type { Snapshot } from './measured.ts'
import { scratchFolder } from './program.ts'
import { Random } from './random.ts'
import { type Rsyslog, startRsyslog } from './rsyslog.ts'
import type { RateLimit, TemplateName } from './rsyslog-config.ts'
import { DEFAULTS, quoted } from './scenario.ts'
import { nodeLike } from './scenarios/origin-script.ts'
import { startOrigin } from './server.ts'
import { until } from './waiting.ts'

export interface BurstOptions {
  readonly input: 'udp' | 'unix'
  readonly requests: number
  readonly rateLimit?: RateLimit
  readonly seed?: number
  readonly logFormat?: string
  /** Lines that come first in the frontend. */
  readonly extraFrontend?: readonly string[]
  /** False: what rsyslog threw away is reported nowhere. */
  readonly internal?: boolean
  /** Behind `log TARGET`; `len 2048 local0` if not given. */
  readonly logLine?: string
  /** Sends more until rsyslog has said how much it lost: it says so with the first message after the interval. */
  readonly untilReported?: boolean
}

/** All places where a line of this burst can be: as many as there were requests. */
export interface Burst {
  /** Bytes that the client received, by `id=N` of the URI. */
  readonly received: ReadonlyMap<number, number>
  /** The files that rsyslog wrote, by template. */
  readonly files: Readonly<Record<TemplateName, Buffer>>
  /** What HAProxy gave up because the socket's queue was full. */
  readonly droppedLogs: number
  /** What the kernel gave up because rsyslog's UDP buffer was full. */
  readonly kernelDrops: number
  /** Sum of what rsyslog says it threw away. */
  readonly reportedLost: number
  readonly before: Snapshot
  readonly after: Snapshot
  readonly config: string
}

const NAMES = ['traditional', 'file', 'rfc5424', 'bare'] as const

const count = (text: string, what: RegExp): number => [...text.matchAll(what)].length

/** Each loss that began has been reported: a burst may last longer than an interval. */
const allReported = (text: string): boolean => {
  const reports = count(text, /messages lost due to rate-limiting/g)
  return reports > 0 && reports === count(text, /begin to drop messages/g)
}

const reported = (text: string): number =>
  [...text.matchAll(/: (\d+) messages lost due to rate-limiting/g)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  )

/** Requests through a real haproxy that logs to a real rsyslogd, as fast as they go; their sizes are from the seed. */
export async function runBurst(options: BurstOptions): Promise<Burst> {
  const scratch = scratchFolder('burst')
  const { rateLimit, input } = options
  const rsyslog: Rsyslog = await startRsyslog({
    [input]: rateLimit ? { rateLimit } : {},
    [input === 'udp' ? 'unix' : 'udp']: null,
    internal: options.internal ?? true,
  })
  const origin = await startOrigin({ script: nodeLike })
  const target = input === 'udp' ? rsyslog.udpTarget : rsyslog.unixTarget
  const format =
    options.logFormat === undefined ? 'option httplog' : `log-format ${quoted(options.logFormat)}`
  const proxies = (port: number | undefined): string =>
    [
      'frontend fe_burst',
      'mode http',
      `bind 127.0.0.1:${port}`,
      `log ${target} ${options.logLine ?? 'len 2048 local0'}`,
      format,
      ...(options.extraFrontend ?? []),
      'default_backend be_burst',
      'backend be_burst',
      'mode http',
      `server s1 127.0.0.1:${origin.port}`,
    ].join('\n')
  const haproxy = await startHaproxy(
    scratch.folder,
    ([port], socket) => `${globalSection(socket)}\n\n${DEFAULTS}\n\n${proxies(port)}\n`,
  )
  try {
    const snapshot = async (): Promise<Snapshot> => ({
      stat: await haproxy.statText(),
      info: await haproxy.info(),
    })
    const before = await snapshot()
    const random = new Random(options.seed ?? 1)
    const received = new Map<number, number>()
    const send = async (connection: ClientConnection): Promise<void> => {
      const id = received.size
      received.set(id, 0)
      received.set(id, (await transfer(connection, request(`/cl/${random.size(20_000)}?id=${id}`))).received)
    }
    const connections = await Promise.all(Array.from({ length: 4 }, () => open(haproxy.ports[0] ?? 0)))
    const share = async (connection: ClientConnection): Promise<void> => {
      while (received.size < options.requests) await send(connection)
    }
    await Promise.all(connections.map(share))
    const [first] = connections
    if (options.untilReported && first)
      await until('the report of a loss', async () => {
        await rsyslog.settle()
        if (allReported(rsyslog.read('file').toString('latin1'))) return true
        await send(first)
        return undefined
      })
    await Promise.all(connections.map((connection) => connection.finish()))
    await rsyslog.settle()
    const after = await snapshot()
    const kernelDrops = input === 'udp' ? rsyslog.kernelDrops() : 0
    await rsyslog.stop()
    const files = Object.fromEntries(NAMES.map((name) => [name, rsyslog.read(name)]))
    return {
      received,
      files: files as Record<TemplateName, Buffer>,
      droppedLogs: Number(after.info.DroppedLogs) - Number(before.info.DroppedLogs),
      kernelDrops,
      reportedLost: reported(rsyslog.read('file').toString('latin1')),
      before,
      after,
      config: haproxy.config,
    }
  } finally {
    await haproxy.stop()
    await Promise.all([rsyslog.stop(), origin.stop()])
    rsyslog.remove()
    scratch.remove()
  }
}
