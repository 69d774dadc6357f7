import { connect as connectTcp, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import { Connection } from './connection.ts'
import { type Message, readResponse } from './http1-message.ts'
import { LOOPBACK } from './ports.ts'

export interface RequestOptions {
  readonly method?: string
  readonly version?: '1.0' | '1.1'
  readonly fields?: readonly (readonly [name: string, value: string])[]
  readonly body?: Buffer | string
  /** Sent as it is behind the head, without a length: chunks, or bytes that come later. */
  readonly raw?: Buffer | string
}

/** Host and User-Agent have 38 bytes together. */
const CLIENT_FIELDS = [
  ['Host', 'example.com'],
  ['User-Agent', 'probe'],
] as const

/** A request as bytes: `GET /cl/1000` has 63. */
export function request(path: string, options: RequestOptions = {}): Buffer {
  const fields: (readonly [string, string])[] = [...CLIENT_FIELDS, ...(options.fields ?? [])]
  if (options.body !== undefined) fields.push(['Content-Length', String(Buffer.byteLength(options.body))])
  const head = [
    `${options.method ?? 'GET'} ${path} HTTP/${options.version ?? '1.1'}`,
    ...fields.map(([name, value]) => `${name}: ${value}`),
    '\r\n',
  ].join('\r\n')
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(options.body ?? options.raw ?? '')])
}

export interface ConnectOptions {
  /** A unix socket or an address other than the loopback's. */
  readonly path?: string
  readonly tls?: ConnectionOptions
}

/** A connection to HAProxy. With TLS the session's ticket is in `session`, once it came. */
export interface ClientConnection extends Connection {
  session?: Buffer
}

export async function open(port: number, options: ConnectOptions = {}): Promise<ClientConnection> {
  const socket: Socket = options.path ? connectTcp(options.path) : connectTcp(port, LOOPBACK)
  await new Promise<void>((ready, failed) => {
    socket.once('connect', ready)
    socket.once('error', failed)
  })
  if (options.tls === undefined) return new Connection(socket, 'client')
  const settings = options.tls
  let secured: TLSSocket | undefined
  const connection: ClientConnection = new Connection(socket, 'client', (stream) => {
    secured = connectTls({ ...settings, socket: stream })
    return secured
  })
  secured?.on('session', (session: Buffer) => {
    connection.session = session
  })
  await new Promise<void>((ready, failed) => {
    secured?.once('secureConnect', ready)
    secured?.once('error', failed)
  })
  return connection
}

export interface Transfer {
  readonly response: Message | undefined
  /** Bytes of this request and of its response on the client's connection (of what TLS carries). */
  readonly sent: number
  readonly received: number
}

/** Sends one request and reads its response, interim ones included. */
export async function transfer(connection: Connection, bytes: Buffer): Promise<Transfer> {
  const before = connection.reader.taken
  await connection.write(bytes)
  const method = bytes.subarray(0, bytes.indexOf(' ')).toString('latin1')
  const response = await readResponse(connection.reader, method)
  return { response, sent: bytes.length, received: connection.reader.taken - before }
}

/** Sends several requests at once and reads the responses in their order. */
export async function pipeline(connection: Connection, requests: readonly Buffer[]): Promise<Transfer[]> {
  await connection.write(Buffer.concat(requests))
  const transfers: Transfer[] = []
  for (const bytes of requests) {
    const before = connection.reader.taken
    const method = bytes.subarray(0, bytes.indexOf(' ')).toString('latin1')
    const response = await readResponse(connection.reader, method)
    transfers.push({ response, sent: bytes.length, received: connection.reader.taken - before })
  }
  return transfers
}
