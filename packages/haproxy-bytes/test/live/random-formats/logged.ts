import type { SyslogSink } from '../syslog-sink.ts'
import { MARK, type MadeProxy, PLAIN } from './config.ts'

/** One transfer as HAProxy logged it, and its values as HAProxy gave them apart from that. */
export interface Logged {
  readonly proxy: MadeProxy
  /** With what syslog puts before it, without the line feed. */
  readonly line: Buffer
  /** The end of `line` that the format made. */
  readonly message: Buffer
  readonly plain: Readonly<Record<string, string>>
  /** One for each field of the format, as its flags write it. */
  readonly values: readonly string[]
}

/** Both sinks get a datagram of each transfer, in the same order. Of a line that is cut `message` is what is left. */
export function loggedBy(
  proxies: readonly MadeProxy[],
  truth: SyslogSink,
  wire: SyslogSink,
): { readonly whole: Logged[]; readonly cut: Logged[] } {
  if (truth.datagrams.length !== wire.datagrams.length)
    throw new Error(`${truth.datagrams.length} truths for ${wire.datagrams.length} lines`)
  const byName = new Map(proxies.map((proxy) => [proxy.name, proxy]))
  const [whole, cut]: [Logged[], Logged[]] = [[], []]
  for (const [at, datagram] of truth.datagrams.entries()) {
    const text = datagram.toString('latin1')
    // A client that went during its handshake: an error, in a format of its own.
    if (!text.includes(MARK)) continue
    const values = text.slice(text.indexOf(MARK) + 1, text.lastIndexOf(MARK)).split(MARK)
    const proxy = byName.get(values[0] as string)
    if (proxy === undefined) throw new Error(`no proxy in ${text}`)
    const names = PLAIN[proxy.mode]
    const message = text
      .slice(text.lastIndexOf(MARK) + 1)
      .replace(/^ /, '')
      .replace(/\n$/, '')
    const line = (wire.datagrams[at] as Buffer).subarray(0, -1)
    const arrived = line.toString('latin1')
    const isWhole = arrived.endsWith(message)
    if (!isWhole && proxy.limit === undefined) throw new Error(`two messages: ${text}\n${arrived}`)
    const logged: Logged = {
      proxy,
      line,
      message: Buffer.from(isWhole ? message : cutMessage(arrived, message), 'latin1'),
      plain: Object.fromEntries(names.map((name, number) => [name, values[number] as string])),
      values: values.slice(names.length),
    }
    ;(isWhole ? whole : cut).push(logged)
  }
  return { whole, cut }
}

/** The end of a line that is the beginning of its message. */
function cutMessage(line: string, message: string): string {
  for (let from = 0; from < line.length; from++)
    if (message.startsWith(line.slice(from))) return line.slice(from)
  return ''
}
