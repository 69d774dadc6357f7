import { join } from 'node:path'
import { makeCertificate } from '../certificate.ts'
import { globalSection, type Haproxy, startHaproxy } from '../haproxy.ts'
import { scratchFolder } from '../program.ts'
import { Random } from '../random.ts'
import { section } from '../scenario.ts'
import { startOrigin } from '../server.ts'
import { udpSink } from '../syslog-sink.ts'
import { until } from '../waiting.ts'
import { backends, type MadeProxy, makeProxy, proxyText } from './config.ts'
import { type Logged, loggedBy } from './logged.ts'
import { script, send } from './requests.ts'

export interface RandomFormats {
  readonly config: string
  readonly proxies: readonly MadeProxy[]
  readonly logged: readonly Logged[]
  /** Lines that HAProxy cut off itself. */
  readonly cut: readonly Logged[]
}

const TIMEOUTS = section('defaults', [
  'timeout connect 1s',
  'timeout client 5s',
  'timeout server 5s',
  'timeout tarpit 1s',
])
const AT_ONCE = 8

const idle = (haproxy: Haproxy): Promise<true> =>
  until('the end of all sessions', async () => {
    const rows = await haproxy.stat()
    return rows.some(({ svname, scur }) => svname === 'FRONTEND' && Number(scur) > 0) ? undefined : true
  })

/** One HAProxy with so many proxies, each with a format of its own; so many requests to each. */
export async function runRandomFormats(
  formats: number,
  requests: number,
  seed: number,
): Promise<RandomFormats> {
  const random = new Random(seed)
  const proxies = Array.from({ length: formats }, (_, number) => makeProxy(random, number))
  const scratch = scratchFolder('formats')
  makeCertificate(scratch.folder)
  const [truth, wire, origin] = await Promise.all([udpSink(), udpSink(), startOrigin({ script })])
  let haproxy: Haproxy | undefined
  try {
    const write = (ports: readonly number[], socket: string): string => {
      const ends = {
        origin: origin.port,
        truth: truth.target,
        wire: wire.target,
        pem: join(scratch.folder, 'site.pem'),
      }
      const texts = proxies.map((proxy, at) =>
        proxyText(proxy, { port: ports[at] as number, ...ends }, new Random(at)),
      )
      return `${[globalSection(socket), TIMEOUTS, ...texts, ...backends(origin.port)].join('\n\n')}\n`
    }
    const running = await startHaproxy(scratch.folder, write, { ports: formats })
    haproxy = running
    const round = async (count: number, seen: ReadonlyMap<string, string>): Promise<void> => {
      const queue = proxies.flatMap((proxy, at) =>
        Array.from({ length: count }, () => ({
          proxy,
          port: running.ports[at] as number,
          seen: seen.get(proxy.name),
        })),
      )
      const work = async (): Promise<void> => {
        for (let next = queue.pop(); next; next = queue.pop())
          await send(random, { proxy: next.proxy, port: next.port, ...(next.seen && { seen: next.seen }) })
      }
      await Promise.all(Array.from({ length: AT_ONCE }, work))
      await idle(running)
      await Promise.all([truth.drain(), wire.drain()])
    }
    await round(2, new Map())
    const { whole: first } = loggedBy(proxies, truth, wire)
    await round(
      requests - 2,
      new Map(first.map(({ proxy, message }) => [proxy.name, message.toString('latin1')])),
    )
    if (truth.drops() + wire.drops() > 0) throw new Error('the kernel dropped lines')
    const { whole: logged, cut } = loggedBy(proxies, truth, wire)
    return { config: running.config, proxies, logged, cut }
  } finally {
    await haproxy?.stop()
    await Promise.all([truth.stop(), wire.stop(), origin.stop()])
    scratch.remove()
  }
}
