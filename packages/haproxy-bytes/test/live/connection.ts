import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ByteReader } from './byte-reader.ts'
import { type Count, countedDuplex } from './counted-duplex.ts'

/** What went over one connection. */
export interface ConnectionTruth {
  /** TCP payload. */
  readonly wire: Readonly<Count>
  /** What TLS carried; the same as `wire` where there is no TLS. */
  readonly plain: Readonly<Count>
  /** The client's port, seen from either end. */
  readonly port: number
}

/** One end of a TCP connection, every byte counted, with or without TLS. */
export class Connection implements ConnectionTruth {
  readonly wire: Count = { sent: 0, received: 0 }
  readonly plain: Count
  readonly reader: ByteReader
  readonly closed: Promise<void>
  readonly port: number
  readonly stream: Duplex
  readonly socket: Socket

  /** `secure` puts TLS on the stream that it is given. */
  constructor(socket: Socket, side: 'client' | 'server', secure?: (stream: Duplex) => Duplex) {
    this.socket = socket
    this.port = (side === 'client' ? socket.localPort : socket.remotePort) ?? 0
    this.closed = new Promise((done) => socket.once('close', () => done()))
    socket.on('error', () => {})
    socket.setNoDelay(true)
    if (secure === undefined) {
      this.plain = this.wire
      this.stream = socket
    } else {
      this.plain = { sent: 0, received: 0 }
      this.stream = secure(countedDuplex(socket, this.wire))
      this.stream.on('error', () => {})
    }
    this.stream.on('data', (part: Buffer) => {
      this.plain.received += part.length
    })
    this.reader = new ByteReader(this.stream)
  }

  /** Resolves when the kernel has taken them; bytes that it never took aren't counted. */
  write(bytes: string | Buffer): Promise<void> {
    const part = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes
    return new Promise((done) => {
      this.stream.write(part, (error) => {
        if (!error) this.plain.sent += part.length
        done()
      })
    })
  }

  /** Closes this direction, and with TLS says so by close_notify. */
  end(): Promise<void> {
    return new Promise((done) => {
      if (this.stream.destroyed) done()
      else this.stream.end(() => done())
    })
  }

  /** Closes it at once by RST: whatever is under way is lost. */
  reset(): void {
    this.socket.resetAndDestroy()
  }

  /** Closes both directions and waits until the other end has done so too. */
  async finish(): Promise<void> {
    await this.end()
    await this.reader.skip(Number.POSITIVE_INFINITY)
    this.socket.destroy()
    await this.closed
  }
}

export const sumOf = (connections: readonly ConnectionTruth[], layer: 'wire' | 'plain'): Count => ({
  sent: connections.reduce((sum, connection) => sum + connection[layer].sent, 0),
  received: connections.reduce((sum, connection) => sum + connection[layer].received, 0),
})
