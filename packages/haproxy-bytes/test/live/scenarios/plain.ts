import { chunksOf, payload } from '../answers.ts'
import { pipeline, request, transfer } from '../client.ts'
import { readHead } from '../http1-message.ts'
import type { Scenario } from '../scenario.ts'
import { nodeLike, once } from './origin-script.ts'

const origin = { script: nodeLike }

const KEEP_THREE = [request('/cl/200'), request('/cl/200'), request('/cl/200')]
const FIVE_CHUNKS = Buffer.concat(chunksOf(payload(5000), [1000, 1000, 1000, 1000, 1000]))
const POST_CHUNKED = {
  method: 'POST',
  fields: [['Transfer-Encoding', 'chunked']],
  raw: FIVE_CHUNKS,
} as const

/** Responses and requests of every framing, without a rule that changes them. */
export const PLAIN: readonly Scenario[] = [
  {
    name: 'get-1000',
    origin,
    client: once('/cl/1000'),
    lines: 1,
    page: { B: 1143, clientReceived: 1148, serverSent: 1172, U: 70, clientSent: 63, serverReceived: 63 },
  },
  {
    name: 'get-0',
    origin,
    client: once('/cl/0'),
    lines: 1,
    page: { B: 140, clientReceived: 145, serverSent: 169, U: 67, clientSent: 60, serverReceived: 60 },
  },
  {
    name: 'client-closes',
    origin,
    client: once('/cl/1000', { fields: [['Connection', 'close']] }),
    lines: 1,
    page: { B: 1143, clientReceived: 1167, serverSent: 1172, U: 70, clientSent: 82, serverReceived: 63 },
  },
  {
    name: 'http10-client',
    origin,
    client: once('/cl/1000', { version: '1.0' }),
    lines: 1,
    page: { B: 1143, clientReceived: 1167, serverSent: 1172, U: 70, clientSent: 63, serverReceived: 87 },
  },
  {
    name: 'http10-keep-alive-client',
    origin,
    client: once('/cl/1000', { version: '1.0', fields: [['Connection', 'keep-alive']] }),
    lines: 1,
  },
  {
    // Each chunk has been through before the next one comes, so there are as many on both legs.
    name: 'chunked',
    origin,
    client: async (drive) => {
      const connection = await drive.open()
      await connection.write(request('/st/500x500'))
      await readHead(connection.reader)
      for (let chunk = 0; chunk < 2; chunk++) {
        await connection.reader.through('\r\n')
        await connection.reader.skip(500 + 2)
        drive.origin?.proceed()
      }
      await connection.reader.through('0\r\n\r\n')
    },
    lines: 1,
    page: { B: 1150, clientReceived: 1173, serverSent: 1197 },
  },
  {
    // Chunks that arrive together become one: framing is per leg, and no field of the log tells it.
    name: 'chunked-at-once',
    origin,
    client: once('/ch/500x500'),
    lines: 1,
    measured: { B: 1150, clientReceived: 1166, serverSent: 1197 },
  },
  {
    name: 'chunked-to-http10',
    origin,
    client: once('/ch/500x500', { version: '1.0' }),
    lines: 1,
    page: { B: 1105, clientReceived: 1121, serverSent: 1121 },
  },
  {
    name: 'trailers',
    origin,
    client: once('/tr/1000'),
    lines: 1,
    page: { B: 1173, clientReceived: 1197, serverSent: 1221 },
  },
  {
    name: 'get-1mib',
    origin,
    client: once('/bin/1048576'),
    lines: 1,
    page: {
      B: 1_048_736,
      clientReceived: 1_048_741,
      serverSent: 1_048_765,
      U: 74,
      clientSent: 67,
      serverReceived: 67,
    },
  },
  {
    name: 'head',
    origin,
    client: once('/cl/1000', { method: 'HEAD' }),
    lines: 1,
    page: { B: 143, clientReceived: 148, serverSent: 172, U: 71, clientSent: 64, serverReceived: 64 },
  },
  {
    name: 'not-modified',
    origin,
    client: once('/304'),
    lines: 1,
    page: { B: 122, clientReceived: 123, serverSent: 147, U: 66, clientSent: 59, serverReceived: 59 },
  },
  {
    name: 'post',
    origin,
    client: once('/up', { method: 'POST', body: payload(5000) }),
    lines: 1,
    page: { B: 126, clientReceived: 127, serverSent: 151, U: 5084, clientSent: 5081, serverReceived: 5081 },
  },
  {
    name: 'post-chunked',
    origin,
    client: once('/up', POST_CHUNKED),
    lines: 1,
    page: { B: 126, clientReceived: 127, serverSent: 151, U: 5091, clientSent: 5127 },
  },
  {
    name: 'expect-continue',
    origin,
    client: once('/exp', { method: 'POST', body: payload(100), fields: [['Expect', '100-continue']] }),
    lines: 1,
    page: { B: 160, clientReceived: 146, serverSent: 170, U: 202, clientSent: 203, serverReceived: 203 },
  },
  { name: 'early-hints', origin, client: once('/hi/1000'), lines: 1 },
  {
    name: 'keep-alive-3',
    origin,
    client: async (drive) => {
      const connection = await drive.open()
      for (const bytes of KEEP_THREE) await transfer(connection, bytes)
    },
    lines: 3,
    page: { B: 1026, clientReceived: 1041, serverSent: 1113, U: 207, clientSent: 186, serverReceived: 186 },
  },
  {
    name: 'pipelined-2',
    origin,
    client: async (drive) => {
      await pipeline(await drive.open(), [request('/cl/100'), request('/cl/200')])
    },
    lines: 2,
    page: { B: 584, clientReceived: 594, serverSent: 642, U: 138, clientSent: 124, serverReceived: 124 },
  },
  {
    // As `get-1000`, in pieces with a while between them.
    name: 'slow',
    origin: {
      script: (asked) => {
        const [whole] = nodeLike(asked).pieces as [Buffer]
        return { pieces: [whole.subarray(0, 100), whole.subarray(100, 700), whole.subarray(700)], pause: 10 }
      },
    },
    client: once('/cl/1000'),
    lines: 1,
    measured: { B: 1143, clientReceived: 1148, serverSent: 1172 },
  },
  { name: 'until-close', origin, client: once('/close/1000'), lines: 1 },
]
