import { type ClientHttp2Session, connect as connectH2 } from 'node:http2'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import type { ConnectionTruth } from './connection.ts'
import { type Count, countedDuplex } from './counted-duplex.ts'
import { LOOPBACK } from './ports.ts'

export interface H2Response {
  readonly status: number
  readonly bodyBytes: number
  /** Bytes of this stream on the connection, if nothing else happened meanwhile. */
  readonly received: number
  readonly sent: number
}

/** An HTTP/2 connection of Node's own client, every byte counted under it (and under TLS). */
export interface H2Connection extends ConnectionTruth {
  request(path: string, body?: Buffer): Promise<H2Response>
  finish(): Promise<void>
}

const connected = (socket: { once(event: string, done: (error?: Error) => void): unknown }, event: string) =>
  new Promise<void>((ready, failed) => {
    socket.once(event, () => ready())
    socket.once('error', (error) => failed(error))
  })

/** With TLS by ALPN; without, by prior knowledge. Returns when both have sent their settings. */
export async function openH2(port: number, tls?: ConnectionOptions): Promise<H2Connection> {
  const socket: Socket = connect(port, LOOPBACK)
  await connected(socket, 'connect')
  socket.setNoDelay(true)
  const localPort = socket.localPort ?? 0
  const closed = new Promise<void>((done) => socket.once('close', () => done()))
  const wire: Count = { sent: 0, received: 0 }
  const plain: Count = tls === undefined ? wire : { sent: 0, received: 0 }
  let stream: Duplex = countedDuplex(socket, wire)
  if (tls !== undefined) {
    const secured = connectTls({ ...tls, ALPNProtocols: ['h2'], socket: stream })
    await connected(secured, 'secureConnect')
    stream = countedDuplex(secured, plain)
  }
  const session: ClientHttp2Session = connectH2('http://example.com', { createConnection: () => stream })
  session.on('error', () => {})
  await connected(session, 'remoteSettings')
  const request = async (path: string, body?: Buffer): Promise<H2Response> => {
    const before = { ...plain }
    const exchange = session.request({
      ':path': path,
      ':method': body ? 'POST' : 'GET',
      'user-agent': 'probe',
    })
    let [status, bodyBytes] = [0, 0]
    exchange.on('response', (fields) => {
      status = fields[':status'] ?? 0
    })
    exchange.on('data', (part: Buffer) => {
      bodyBytes += part.length
    })
    exchange.end(body)
    await connected(exchange, 'end')
    return { status, bodyBytes, received: plain.received - before.received, sent: plain.sent - before.sent }
  }
  const finish = async (): Promise<void> => {
    session.close()
    socket.end()
    await closed
  }
  return { wire, plain, port: localPort, request, finish }
}
