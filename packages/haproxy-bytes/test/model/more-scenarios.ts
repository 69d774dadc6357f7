import type { Response } from '../live/answers.ts'
import { payload, respond } from '../live/answers.ts'
import type { Drive, Scenario } from '../live/scenario.ts'
import { nodeLike, once } from '../live/scenarios/origin-script.ts'

const origin = { script: nodeLike }
const answering = (response: Response): Pick<Scenario, 'origin'> => ({
  origin: { script: () => respond({ body: payload(1000), connection: 'none', ...response }) },
})

const KEEP = { fields: [['Connection', 'keep-alive']] } as const
const old = (name: string, response: Response, request = {}): Scenario => ({
  name,
  ...answering({ version: '1.0', ...response }),
  client: once('/a', request),
  lines: 1,
})

/** Sends this and reads until HAProxy closes. */
const sendAll = (bytes: string) => async (drive: Drive) => {
  const connection = await drive.open()
  await connection.write(bytes)
  await connection.reader.skip(Number.POSITIVE_INFINITY)
}

const upload = (size: number) => once('/a', { method: 'POST', body: payload(size) })

/** What the measured table doesn't have, and the model says something about. */
export const MORE: readonly Scenario[] = [
  old('old-server', {}),
  old('old-server-keeps', { connection: 'keep-alive' }),
  old('old-server-closes', { connection: 'close' }),
  old('old-server-until-close', { untilClose: true, connection: 'close' }),
  old('old-both', {}, { version: '1.0' }),
  old('old-both-keep', { connection: 'keep-alive' }, { version: '1.0', ...KEEP }),
  {
    name: 'chunked-to-old',
    ...answering({ chunks: [500, 500] }),
    client: once('/a', { version: '1.0' }),
    lines: 1,
  },
  { name: 'own-to-old', client: once('/a', { version: '1.0' }), lines: 1 },
  { name: 'deny-post', frontend: ['http-request deny'], client: upload(5000), lines: 1 },
  { name: 'deny-large-post', frontend: ['http-request deny'], client: upload(500_000), lines: 1 },
  { name: 'no-server-large-post', client: upload(500_000), lines: 1 },
  {
    name: 'deny-chunked-post',
    frontend: ['http-request deny'],
    client: once('/a', {
      method: 'POST',
      fields: [['Transfer-Encoding', 'chunked']],
      raw: '3\r\nabc\r\n0\r\n\r\n',
    }),
    lines: 1,
  },
  { name: 'frontend-httpclose', frontend: ['option httpclose'], origin, client: once('/cl/1000'), lines: 1 },
  {
    name: 'server-close',
    frontend: ['option http-server-close'],
    origin,
    client: once('/cl/1000'),
    lines: 1,
  },
  { name: 'response-denied', backend: ['http-response deny'], origin, client: once('/cl/1000'), lines: 1 },
  {
    name: 'response-returned',
    backend: ['http-response return status 200 content-type text/plain string hello'],
    origin,
    client: once('/cl/1000'),
    lines: 1,
  },
  {
    name: 'response-redirected',
    backend: ['http-response redirect location /x'],
    origin,
    client: once('/cl/1000'),
    lines: 1,
  },
  { name: 'no-content', ...answering({ status: '204 No Content', body: '' }), client: once('/a'), lines: 1 },
  { name: 'reason-empty', ...answering({ status: '200 ' }), client: once('/a'), lines: 1 },
  {
    name: 'reason-long',
    ...answering({ status: '200 Everything went as it should and then some' }),
    client: once('/a'),
    lines: 1,
  },
  {
    name: 'length-deleted',
    frontend: ['http-response del-header content-length'],
    origin,
    client: once('/cl/1000'),
    lines: 1,
  },
  {
    name: 'connection-set',
    frontend: ['http-response set-header connection close'],
    origin,
    client: once('/cl/1000'),
    lines: 1,
  },
  {
    name: 'status-set',
    backend: ["http-response set-status 503 reason 'Slow Down'"],
    origin,
    client: once('/cl/1000'),
    lines: 1,
  },
  {
    name: 'after-response-set',
    frontend: ['http-after-response set-header x-after 123456'],
    origin,
    client: once('/cl/1000'),
    lines: 1,
  },
  {
    name: 'body-waited-for',
    frontend: ['http-request wait-for-body time 1s'],
    origin,
    client: once('/up', { method: 'POST', body: payload(100), fields: [['Expect', '100-continue']] }),
    lines: 1,
  },
  { name: 'chunked-empty', ...answering({ body: '', chunks: [] }), client: once('/a'), lines: 1 },
  {
    name: 'chunked-head',
    ...answering({ bare: true, chunks: [3] }),
    client: once('/a', { method: 'HEAD' }),
    lines: 1,
  },
  {
    name: 'chunked-after-continue',
    origin: {
      script: () => ({
        ...respond({ body: payload(1000), chunks: [500, 500] }),
        interim: ['HTTP/1.1 100 Continue\r\n\r\n'],
      }),
    },
    client: once('/a', { method: 'POST', body: payload(100), fields: [['Expect', '100-continue']] }),
    lines: 1,
  },
  {
    name: 'until-close-after-hints',
    origin: {
      script: () => ({
        ...respond({ body: payload(1000), untilClose: true }),
        interim: ['HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n'],
      }),
    },
    client: once('/a'),
    lines: 1,
  },
  { name: 'returned-204', frontend: ['http-request return status 204'], client: once('/a'), lines: 1 },
  {
    name: 'returned-418',
    frontend: ['http-request return status 418 content-type text/plain string abc hdr x-y z'],
    client: once('/a'),
    lines: 1,
  },
  {
    name: 'rejected',
    frontend: ['http-request reject'],
    client: sendAll('GET / HTTP/1.1\r\nHost: a\r\n\r\n'),
    lines: 1,
  },
  { name: 'bad-length', client: sendAll('GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n'), lines: 1 },
  {
    name: 'bad-request-errorfile',
    frontend: ['errorfile 400 503.http'],
    client: sendAll('GARBAGE\r\n\r\n'),
    lines: 1,
  },
  {
    name: 'half-closed',
    origin,
    client: async (drive) => {
      const connection = await drive.open()
      connection.socket.end()
      await connection.reader.skip(Number.POSITIVE_INFINITY)
    },
    lines: 1,
  },
  {
    name: 'second-bad',
    origin,
    client: sendAll('GET /cl/10 HTTP/1.1\r\nHost: a\r\n\r\nGARBAGE\r\n\r\n'),
    lines: 2,
  },
  {
    name: 'connect',
    origin: {
      script: () => ({ pieces: ['HTTP/1.1 200 OK\r\n\r\n'] }),
      upgraded: async (connection) => {
        await connection.write(await connection.reader.exactly(10))
        await connection.end()
      },
    },
    client: async (drive) => {
      const connection = await drive.open()
      await connection.write('CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n')
      await connection.reader.through('\r\n\r\n')
      await connection.write('0123456789')
      await connection.reader.exactly(10)
    },
    lines: 1,
  },
  {
    name: 'keep-alive-said',
    origin,
    client: once('/cl/1000', KEEP),
    lines: 1,
  },
]
