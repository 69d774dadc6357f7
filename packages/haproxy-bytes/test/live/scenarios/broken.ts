import { payload, plainAnswer, respond } from '../answers.ts'
import { request, transfer } from '../client.ts'
import { readHead } from '../http1-message.ts'
import type { Drive, Scenario } from '../scenario.ts'
import { failingFirst, nodeLike, once } from './origin-script.ts'

const origin = { script: nodeLike }

/** Sends this and reads until HAProxy closes. */
const sendAll = (bytes: string) => async (drive: Drive) => {
  const connection = await drive.open()
  await connection.write(bytes)
  await connection.reader.skip(Number.POSITIVE_INFINITY)
}

/** Goes away without a word: HAProxy's 400 is written to nobody. */
const connectOnly = async (drive: Drive): Promise<void> => {
  const connection = await drive.open()
  connection.socket.destroy()
  await connection.closed
}

const CUT_SHORT = respond({ body: payload(1000) })
const EARLY_HINTS = 'HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n'
const LARGE = respond({ body: payload(40_000) }).pieces[0] as Buffer

/** Requests and responses that don't reach their end, and lines written before it. */
export const BROKEN: readonly Scenario[] = [
  {
    name: 'bad-request',
    origin,
    client: sendAll('GARBAGE\r\n\r\n'),
    lines: 1,
    page: { B: 0, clientReceived: 207, U: 0, clientSent: 11 },
  },
  {
    name: 'request-timeout',
    origin,
    frontend: ['timeout http-request 30ms'],
    client: sendAll('GET / HTTP/1.1\r\nHos'),
    lines: 1,
    page: { B: 0, clientReceived: 233, U: 0, clientSent: 19 },
  },
  {
    name: 'connect-close',
    origin,
    client: connectOnly,
    lines: 1,
    page: { B: 0, U: 0, clientSent: 0, clientReceived: 0 },
  },
  {
    name: 'connect-close-dontlognull',
    origin,
    frontend: ['option dontlognull'],
    client: connectOnly,
    lines: 0,
    page: { clientSent: 0, clientReceived: 0 },
  },
  {
    // How far HAProxy had read when the client went depends on the kernel's buffers: 4.0 MB on the page.
    name: 'client-aborts',
    origin,
    client: async (drive) => {
      const connection = await drive.open()
      await connection.write(request('/big/20000000'))
      await readHead(connection.reader)
      await connection.reader.skip(100_000)
      connection.reset()
      await connection.closed
    },
    lines: 1,
    page: { U: 75, clientSent: 68, serverReceived: 68 },
  },
  {
    name: 'server-aborts',
    origin: {
      script: () => ({
        pieces: [(CUT_SHORT.pieces[0] as Buffer).subarray(0, -400)],
        afterwards: 'end',
      }),
    },
    client: once('/cl/1000'),
    lines: 1,
  },
  {
    // Not on the page. HAProxy 2.6.12 (and up to the fix of its issue #3209) takes a response for whole at the end of
    // the buffer in which it came together with a 103: the client misses 25 kB, and the line says `----`.
    name: 'early-hints-together',
    origin: { script: () => ({ pieces: [Buffer.concat([Buffer.from(EARLY_HINTS), LARGE])] }) },
    frontend: ['timeout http-keep-alive 30ms'],
    client: once('/hi/40000'),
    lines: 1,
    measured: { B: 15_224, clientReceived: 15_218, U: 71, clientSent: 64 },
  },
  {
    name: 'server-says-nothing',
    origin: { script: () => ({ pieces: [], afterwards: 'end' }) },
    client: once('/cl/1000'),
    lines: 1,
  },
  {
    name: 'retried',
    origin: { script: failingFirst(2, plainAnswer('hello', [['Connection', 'close']])) },
    backend: ['retries 3', 'retry-on empty-response', 'option redispatch 0'],
    client: once('/cl/1000'),
    lines: 1,
    page: { B: 54, clientReceived: 43, serverSent: 62, U: 70, clientSent: 63, serverReceived: 189 },
  },
  {
    name: 'logasap',
    origin,
    frontend: ['option logasap'],
    client: async (drive) => {
      await transfer(await drive.open(), request('/cl/100000'))
    },
    lines: 1,
    // B is what sat in the first buffer: up to 16384 - 1024 of it, 15248 on the page.
    page: { clientReceived: 100_150, serverSent: 100_174, U: 0, clientSent: 65, serverReceived: 65 },
  },
]
