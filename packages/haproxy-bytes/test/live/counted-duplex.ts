import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'

export interface Count {
  sent: number
  received: number
}

/**
 * A socket seen through a counter. TLS and HTTP/2 of Node take over a socket's handle and read past its events; a
 * stream that is no socket they leave alone, so each byte goes through here.
 */
export function countedDuplex(socket: Socket, count: Count): Duplex {
  const stream = new Duplex({
    allowHalfOpen: true,
    read: () => socket.resume(),
    write: (part: Buffer, _encoding, done) => {
      count.sent += part.length
      socket.write(part, done)
    },
    final: (done) => {
      socket.end(done)
    },
    destroy: (error, done) => {
      socket.destroy()
      done(error)
    },
  })
  socket.on('data', (part: Buffer) => {
    count.received += part.length
    if (!stream.push(part)) socket.pause()
  })
  socket.once('end', () => stream.push(null))
  socket.once('error', (error) => stream.destroy(error))
  socket.once('close', () => stream.destroy())
  return stream
}
