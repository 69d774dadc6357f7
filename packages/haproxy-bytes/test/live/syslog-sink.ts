import { createSocket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { DatagramLog } from './datagram-log.ts'
import { LOOPBACK } from './ports.ts'
import { until } from './waiting.ts'

/** Where HAProxy's `log` line points to. Each datagram is kept byte for byte, in the order of arrival. */
export interface SyslogSink {
  /** What to write after `log`. */
  readonly target: string
  readonly datagrams: readonly Buffer[]
  /** The first `count` datagrams, once they are here. */
  first(count: number, milliseconds?: number): Promise<readonly Buffer[]>
  /** The first datagram that holds this text, such as the path of a request. */
  holding(text: string, milliseconds?: number): Promise<Buffer>
  /** Returns when all that was sent before the call is here. */
  drain(): Promise<void>
  /** Datagrams that the kernel threw away because this sink was slow. Never for a unix socket: there the sender waits. */
  drops(): number
  clear(): void
  stop(): Promise<void>
}

/** The last column of /proc/net/udp, of the socket on this port. */
export function udpDrops(port: number): number {
  const address = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const line = readFileSync('/proc/net/udp', 'latin1')
    .split('\n')
    .find((row) => row.includes(` ${address} `))
  return Number(line?.trim().split(/\s+/).at(-1) ?? 0)
}

/** Bytes that wait in the receive buffer of the UDP socket on this port. */
export function udpQueued(port: number): number {
  const address = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const line = readFileSync('/proc/net/udp', 'latin1')
    .split('\n')
    .find((row) => row.includes(` ${address} `))
  return Number.parseInt(line?.trim().split(/\s+/)[4]?.split(':')[1] ?? '0', 16)
}

/** A sink on UDP. Its buffer is as large as the kernel allows: a burst comes while the event loop does something else. */
export async function udpSink(): Promise<SyslogSink> {
  const log = new DatagramLog()
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 })
  const own = createSocket('udp4')
  const marks = new Map<string, () => void>()
  socket.on('message', (datagram) => {
    const mark = datagram.length < 40 ? marks.get(datagram.toString('latin1')) : undefined
    if (mark === undefined) log.add(datagram)
    else mark()
  })
  await new Promise<void>((ready, failed) => {
    socket.once('error', failed)
    socket.bind(0, LOOPBACK, ready)
  })
  const { port } = socket.address()
  let count = 0
  // A socket's queue keeps the order, so what was sent before the mark is here before it. A full queue loses the
  // mark like anything else: it is sent again.
  const drain = async (): Promise<void> => {
    const name = `\0mark ${process.pid} ${++count}`
    let back = false
    marks.set(name, () => {
      back = true
    })
    let sent = 0
    await until('the sink', () => {
      if (!back && Date.now() - sent > 200) {
        sent = Date.now()
        own.send(name, port, LOOPBACK)
      }
      return back || undefined
    })
  }
  return {
    target: `${LOOPBACK}:${port}`,
    datagrams: log.datagrams,
    first: (wanted, milliseconds) => log.first(wanted, milliseconds),
    holding: (text, milliseconds) => log.holding(text, milliseconds),
    drain,
    drops: () => udpDrops(port),
    clear: () => log.clear(),
    stop: async () => {
      await Promise.all([socket, own].map((one) => new Promise<void>((closed) => one.close(closed))))
    },
  }
}
