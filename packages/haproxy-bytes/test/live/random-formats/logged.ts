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

/** Both sinks get a datagram of each transfer, in the same order. */
export function loggedBy(proxies: readonly MadeProxy[], truth: SyslogSink, wire: SyslogSink): Logged[] {
  if (truth.datagrams.length !== wire.datagrams.length)
    throw new Error(`${truth.datagrams.length} truths for ${wire.datagrams.length} lines`)
  const byName = new Map(proxies.map((proxy) => [proxy.name, proxy]))
  return truth.datagrams.map((datagram, at) => {
    const text = datagram.toString('latin1')
    const values = text.slice(text.indexOf(MARK) + 1, text.lastIndexOf(MARK)).split(MARK)
    const proxy = byName.get(values[0] as string)
    if (proxy === undefined) throw new Error(`no proxy in ${text}`)
    const names = PLAIN[proxy.mode]
    const message = text
      .slice(text.lastIndexOf(MARK) + 1)
      .replace(/^ /, '')
      .replace(/\n$/, '')
    const line = (wire.datagrams[at] as Buffer).subarray(0, -1)
    if (!line.toString('latin1').endsWith(message))
      throw new Error(`two messages: ${text}\n${line.toString('latin1')}`)
    return {
      proxy,
      line,
      message: Buffer.from(message, 'latin1'),
      plain: Object.fromEntries(names.map((name, number) => [name, values[number] as string])),
      values: values.slice(names.length),
    }
  })
}
