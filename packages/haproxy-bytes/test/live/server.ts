import { createServer, type Socket } from 'node:net'
import { createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls'
import type { Answer } from './answers.ts'
import { Connection } from './connection.ts'
import { type Head, type Message, readHead, readRequestBody } from './http1-message.ts'
import { listening } from './ports.ts'

export interface Exchange {
  readonly request: Message
  /** Bytes of the request and of the answer, on the server's socket. */
  readonly received: number
  readonly sent: number
  readonly connection: Connection
}

export interface Asked {
  readonly head: Head
  readonly method: string
  readonly path: string
  /** How many requests this server had before this one. */
  readonly before: number
}

export type Script = (asked: Asked) => Answer

export interface OriginOptions {
  readonly script?: Script
  /** Talks on the bare connection instead, as a TCP service does. */
  readonly talk?: (connection: Connection) => Promise<void>
  /** A PROXY header comes first; it is counted as received like everything else. */
  readonly proxyHeader?: 'v1' | 'v2'
  readonly tls?: SecureContextOptions
  /** Continues with the connection after a 101. */
  readonly upgraded?: (connection: Connection) => Promise<void>
}

export interface Origin {
  readonly port: number
  readonly connections: readonly Connection[]
  readonly exchanges: readonly Exchange[]
  /** Lets the next piece of a stepwise answer go. */
  proceed(): void
  stop(): Promise<void>
}

const pausing = (milliseconds: number | undefined): Promise<void> | undefined =>
  milliseconds ? new Promise((done) => setTimeout(done, milliseconds)) : undefined

async function send(connection: Connection, answer: Answer, step: () => Promise<void>): Promise<void> {
  for (const [at, piece] of answer.pieces.entries()) {
    await pausing(answer.pause)
    if (answer.stepwise && at > 0) await step()
    await connection.write(piece)
  }
  if (answer.afterwards === 'reset') connection.reset()
  else if (answer.afterwards === 'end') await connection.end()
}

async function skipProxyHeader(connection: Connection, version: 'v1' | 'v2'): Promise<void> {
  if (version === 'v1') {
    await connection.reader.through('\r\n')
    return
  }
  const head = await connection.reader.exactly(16)
  await connection.reader.skip(head.length < 16 ? 0 : head.readUInt16BE(14))
}

/** An HTTP/1 server on bare sockets: it says exactly what its script says. */
export async function startOrigin(options: OriginOptions): Promise<Origin> {
  const connections: Connection[] = []
  const exchanges: Exchange[] = []
  let requests = 0
  const steps: (() => void)[] = []
  let allowed = 0
  const step = async (): Promise<void> => {
    if (allowed > 0) allowed--
    else await new Promise<void>((go) => steps.push(go))
  }
  const proceed = (): void => {
    const go = steps.shift()
    if (go === undefined) allowed++
    else go()
  }
  const serve = async (connection: Connection): Promise<void> => {
    const { reader } = connection
    if (options.proxyHeader) await skipProxyHeader(connection, options.proxyHeader)
    if (options.talk) return await options.talk(connection)
    for (;;) {
      const before = reader.taken
      const sentBefore = connection.plain.sent
      const head = await readHead(reader)
      if (head === undefined || options.script === undefined) return void connection.end()
      const [method = '', path = ''] = head.start.split(' ')
      const answer = options.script({ head, method, path, before: requests++ })
      for (const interim of answer.interim ?? []) await connection.write(interim)
      const request = await readRequestBody(reader, head)
      await send(connection, answer, step)
      const sent = connection.plain.sent - sentBefore
      exchanges.push({ request, received: reader.taken - before, sent, connection })
      if (options.upgraded) return await options.upgraded(connection)
      if (answer.afterwards !== undefined) return
    }
  }
  // One context for all connections: it holds the keys of the tickets that sessions are resumed with.
  const secure = options.tls && createSecureContext({ ...options.tls, sessionIdContext: 'origin' })
  const server = createServer((socket: Socket) => {
    const connection =
      secure === undefined
        ? new Connection(socket, 'server')
        : new Connection(
            socket,
            'server',
            (stream) => new TLSSocket(stream, { secureContext: secure, isServer: true }),
          )
    connections.push(connection)
    void serve(connection)
  })
  const port = await listening(server)
  const stop = async (): Promise<void> => {
    const closed = new Promise((done) => server.close(done))
    for (const { socket } of connections) socket.destroy()
    await closed
  }
  return { port, connections, exchanges, proceed, stop }
}
