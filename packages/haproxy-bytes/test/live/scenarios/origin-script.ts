import { type Answer, payload, plainAnswer, respond } from '../answers.ts'
import type { RequestOptions } from '../client.ts'
import { request, transfer } from '../client.ts'
import { fieldOf } from '../http1-message.ts'
import type { Drive } from '../scenario.ts'
import type { Asked, Script } from '../server.ts'

const sizesOf = (text: string | undefined): number[] => (text ?? '').split('x').map(Number)

/**
 * What the paths of the scenarios mean; answers have the bytes that Node's server sent when the table was measured.
 * `/cl/N` Content-Length, `/bin/N` not compressible, `/ch/AxB` chunks at once, `/st/AxB` one by one, `/tr/N` with trailers, `/up` a POST, `/exp` one
 * that expects 100, `/304`, `/cache/N` to be kept, `/close/N` ends with the connection, `/hi/N` after a 103.
 */
export const nodeLike: Script = (asked) => {
  const [, kind, size] = asked.path.split('?')[0]?.split('/') ?? []
  const length = Number(size)
  const isOld = asked.head.start.endsWith('HTTP/1.0')
  const connection = fieldOf(asked.head, 'connection')?.toLowerCase() === 'close' ? 'close' : 'keep-alive'
  const base = { connection, bare: asked.method === 'HEAD' } as const
  switch (kind) {
    case 'bin':
      return respond({ ...base, type: 'application/octet-stream', body: payload(length, 'noise') })
    case 'ch':
    case 'st': {
      const sizes = sizesOf(size)
      const body = payload(sizes.reduce((sum, one) => sum + one, 0))
      return respond(
        isOld ? { body, untilClose: true } : { ...base, body, chunks: sizes, stepwise: kind === 'st' },
      )
    }
    case 'tr':
      return respond({
        ...base,
        body: payload(length),
        chunks: [],
        fields: [['Trailer', 'X-Sum']],
        trailers: [['X-Sum', '123456']],
      })
    case 'up':
      return respond({ ...base, type: null, body: 'got 5000' })
    case 'exp':
      return { ...respond({ ...base, type: null, body: 'ok' }), interim: ['HTTP/1.1 100 Continue\r\n\r\n'] }
    case '304':
      return respond({
        ...base,
        status: '304 Not Modified',
        type: null,
        fields: [['ETag', '"abc"']],
      })
    case 'cache':
      return respond({ ...base, body: payload(length), fields: [['Cache-Control', 'max-age=60']] })
    case 'close':
      return respond({ body: payload(length), untilClose: true })
    case 'hi':
      return {
        ...respond({ ...base, body: payload(length) }),
        interim: ['HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n'],
      }
    default:
      return respond({ ...base, body: payload(length) })
  }
}

/** One request on a connection of its own. */
export const once =
  (path: string, options: RequestOptions = {}) =>
  async (drive: Drive): Promise<void> => {
    await transfer(await drive.open(), request(path, options))
  }

export const hello = (): Answer => plainAnswer('hello')

/** Answers so many requests by closing, as a server does that is being restarted, and the rest. */
export const failingFirst =
  (times: number, answer: Answer): Script =>
  ({ before }: Asked) =>
    before < times ? { pieces: [], afterwards: 'end' } : answer
