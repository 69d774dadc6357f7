/** What an origin sends for a request: pieces in turn, then what becomes of the connection. */
export interface Answer {
  /** Whole heads that go out before the request's body is read. */
  readonly interim?: readonly string[]
  readonly pieces: readonly (string | Buffer)[]
  /** Milliseconds before each piece. */
  readonly pause?: number
  /** Each piece but the first waits for `proceed` of the origin: the client says when it has what went before. */
  readonly stepwise?: true
  /** `reset` sends RST; without it the connection stays open. */
  readonly afterwards?: 'end' | 'reset'
}

export interface Response {
  readonly status?: string
  readonly version?: '1.0' | '1.1'
  readonly fields?: readonly (readonly [name: string, value: string])[]
  /** Content-Type; `null` for none. Node's own servers send none, the examples of its documentation do. */
  readonly type?: string | null
  readonly body?: Buffer | string
  /** Only a head: the answer to HEAD, or a 304. */
  readonly bare?: boolean
  /** Sizes of chunks; the last one takes the rest. Without it there is a Content-Length. */
  readonly chunks?: readonly number[]
  /** Each chunk is a piece of its own. */
  readonly stepwise?: boolean
  readonly trailers?: readonly (readonly [name: string, value: string])[]
  /** As Node answers a client that keeps the connection, one that doesn't, or neither of it. */
  readonly connection?: 'keep-alive' | 'close' | 'none'
  /** The body ends with the connection. */
  readonly untilClose?: boolean
}

/** As many bytes as asked for. `text` compresses well, as a page does, `noise` doesn't. */
export function payload(length: number, kind: 'text' | 'noise' = 'text'): Buffer {
  if (kind === 'text')
    return Buffer.alloc(length, 'The quick brown fox jumps over the lazy dog. 0123456789\n')
  const bytes = Buffer.alloc(length)
  let state = 0x2545f491
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[at] = state >>> 24
  }
  return bytes
}

const lines = (fields: readonly (readonly [string, string])[]): string =>
  fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')

/** A body in chunks of these sizes (the last takes the rest), then the last chunk with the trailers. */
export function chunksOf(body: Buffer, sizes: readonly number[], trailers = ''): Buffer[] {
  const parts: Buffer[] = []
  let at = 0
  for (let turn = 0; at < body.length; turn++) {
    const size = Math.min(sizes[turn] ?? body.length, body.length - at)
    const data = body.subarray(at, at + size)
    parts.push(Buffer.concat([Buffer.from(`${size.toString(16)}\r\n`), data, Buffer.from('\r\n')]))
    at += size
  }
  return [...parts, Buffer.from(`0\r\n${trailers}\r\n`)]
}

/** The fixed fields of Node's http server; a Date of always the same length. */
const NODE_FIELDS = [
  ['X-Powered-By', 'node'],
  ['Date', 'Sat, 21 Nov 2026 12:00:00 GMT'],
] as const

const CONNECTION_FIELDS = {
  'keep-alive': [
    ['Connection', 'keep-alive'],
    ['Keep-Alive', 'timeout=60'],
  ],
  close: [['Connection', 'close']],
  none: [],
} as const

/** A response byte for byte as Node's http server sends one, with the differences asked for. */
export function respond(response: Response = {}): Answer {
  const body = Buffer.from(response.body ?? '')
  const connection = response.connection ?? (response.untilClose ? 'close' : 'keep-alive')
  const framing: (readonly [string, string])[] = []
  if (response.chunks) framing.push(['Transfer-Encoding', 'chunked'])
  else if (!response.untilClose && !response.status?.startsWith('304'))
    framing.push(['Content-Length', String(body.length)])
  const type = response.type === undefined ? 'text/plain' : response.type
  const head = [
    `HTTP/${response.version ?? '1.1'} ${response.status ?? '200 OK'}\r\n`,
    lines(type === null ? [] : [['Content-Type', type]]),
    lines(NODE_FIELDS),
    lines(response.fields ?? []),
    lines(CONNECTION_FIELDS[connection]),
    lines(framing),
    '\r\n',
  ].join('')
  const trailers = lines(response.trailers ?? [])
  const parts = response.chunks ? chunksOf(body, response.chunks, trailers) : [body]
  const start = Buffer.from(head, 'latin1')
  const [first = '', ...rest] = response.bare ? [] : parts
  const pieces = response.stepwise
    ? [Buffer.concat([start, Buffer.from(first)]), ...rest]
    : [Buffer.concat([start, ...(response.bare ? [] : parts)])]
  return {
    pieces,
    ...(connection === 'close' && { afterwards: 'end' as const }),
    ...(response.stepwise && { stepwise: true as const }),
  }
}

/** A response of only what it must have: 43 bytes with `hello`. */
export const plainAnswer = (
  body: string | Buffer,
  fields: readonly (readonly [string, string])[] = [],
): Answer => {
  const bytes = Buffer.from(body)
  const head = `HTTP/1.1 200 OK\r\n${lines(fields)}Content-Length: ${bytes.length}\r\n\r\n`
  return { pieces: [Buffer.concat([Buffer.from(head, 'latin1'), bytes])] }
}
