import type { ByteReader } from './byte-reader.ts'

/** A head as it came over the wire. */
export interface Head {
  /** The first line, without its end. */
  readonly start: string
  readonly fields: readonly (readonly [name: string, value: string])[]
  /** Bytes up to and including the empty line. */
  readonly headBytes: number
}

/** A message, its bytes parted by what they are. They add up to `bytes`. */
export interface Message extends Head {
  readonly interim: readonly Head[]
  /** Payload, without chunk framing. */
  readonly bodyBytes: number
  /** Chunk sizes, line ends, the last chunk. */
  readonly framingBytes: number
  readonly trailerBytes: number
  readonly bytes: number
  /** Whether it ended where it said it would. */
  readonly whole: boolean
}

export const fieldOf = (head: Head, name: string): string | undefined =>
  head.fields.find(([given]) => given.toLowerCase() === name)?.[1]

export async function readHead(reader: ByteReader): Promise<Head | undefined> {
  const bytes = await reader.through('\r\n\r\n')
  if (bytes === undefined) return undefined
  const [start = '', ...lines] = bytes.toString('latin1').slice(0, -4).split('\r\n')
  const fields = lines.map((line) => {
    const at = line.indexOf(':')
    return [line.slice(0, at), line.slice(at + 1).trim()] as const
  })
  return { start, fields, headBytes: bytes.length }
}

interface Body {
  readonly bodyBytes: number
  readonly framingBytes: number
  readonly trailerBytes: number
  readonly whole: boolean
}

const NOTHING: Body = { bodyBytes: 0, framingBytes: 0, trailerBytes: 0, whole: true }

async function readChunks(reader: ByteReader): Promise<Body> {
  let [bodyBytes, framingBytes, trailerBytes] = [0, 0, 0]
  const cut = (): Body => ({ bodyBytes, framingBytes, trailerBytes, whole: false })
  for (;;) {
    const line = await reader.through('\r\n')
    if (line === undefined) return cut()
    framingBytes += line.length
    const size = Number.parseInt(line.toString('latin1'), 16)
    if (size === 0) break
    const got = await reader.skip(size)
    bodyBytes += got
    if (got < size || (await reader.exactly(2)).length < 2) return cut()
    framingBytes += 2
  }
  for (;;) {
    const line = await reader.through('\r\n')
    if (line === undefined) return cut()
    if (line.length === 2) break
    trailerBytes += line.length
  }
  return { bodyBytes, framingBytes: framingBytes + 2, trailerBytes, whole: true }
}

async function readLength(reader: ByteReader, length: number): Promise<Body> {
  const bodyBytes = await reader.skip(length)
  return { ...NOTHING, bodyBytes, whole: bodyBytes === length }
}

const messageOf = (head: Head, interim: readonly Head[], body: Body): Message => {
  const heads = interim.reduce((sum, one) => sum + one.headBytes, head.headBytes)
  return { ...head, interim, ...body, bytes: heads + body.bodyBytes + body.framingBytes + body.trailerBytes }
}

const isChunked = (head: Head): boolean =>
  fieldOf(head, 'transfer-encoding')?.toLowerCase().endsWith('chunked') ?? false

/** The rest of a request whose head was read. */
export async function readRequestBody(reader: ByteReader, head: Head): Promise<Message> {
  if (isChunked(head)) return messageOf(head, [], await readChunks(reader))
  return messageOf(head, [], await readLength(reader, Number(fieldOf(head, 'content-length') ?? 0)))
}

/** A response to a request of this method, interim ones before it included (RFC 9112 6.3). */
export async function readResponse(reader: ByteReader, method: string): Promise<Message | undefined> {
  const interim: Head[] = []
  for (;;) {
    const head = await readHead(reader)
    if (head === undefined) return undefined
    const status = Number(head.start.split(' ')[1])
    if (status >= 100 && status < 200 && status !== 101) {
      interim.push(head)
      continue
    }
    if (method === 'HEAD' || status === 101 || status === 204 || status === 304)
      return messageOf(head, interim, NOTHING)
    if (isChunked(head)) return messageOf(head, interim, await readChunks(reader))
    const length = fieldOf(head, 'content-length')
    const body =
      length === undefined
        ? { ...NOTHING, bodyBytes: await reader.skip(Number.POSITIVE_INFINITY) }
        : await readLength(reader, Number(length))
    return messageOf(head, interim, body)
  }
}
