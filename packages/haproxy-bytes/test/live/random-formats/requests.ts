import { type Answer, respond } from '../answers.ts'
import { open, request } from '../client.ts'
import { fieldOf } from '../http1-message.ts'
import type { Random } from '../random.ts'
import type { Asked } from '../server.ts'
import { within } from '../waiting.ts'
import type { MadeProxy } from './config.ts'

const VALUES = [
  'plain',
  'two words',
  '200 1234 - - ---- 1/1/0/0/0 0/0',
  'a"b"c',
  '" 200 99 "-" "-"',
  'x{y}|z',
  '} {evil|0} "GET / HTTP/1.1"',
  '100% %B %%',
  'back\\slash\\" ] [',
  'caf\u00c3\u00a9 \u00e2\u0082\u00ac \u00ff',
  'tab\there',
  '#7C#22',
  '-',
  '',
  '12345',
  ', "n1":"77", "n2": 5',
  'k0=1 k1=2 k2=3',
  '1/2/3/4/5:6|7,8;9',
]
const PATHS = [
  '/a?b=c',
  '/q?x="y"',
  '/p|{}~^`<>\\',
  '/%20%22%7B',
  '/?200/1234/5:6',
  '/deny',
  '/redirect?a=b',
  '/return',
  '/none?x=1',
  '/cookie',
  '/size?70000',
  '/chunked',
  '/gone',
  '/part',
]
/** A URI for which HAProxy gives 400, but where `accept-invalid-http-request` is set. */
const BAD_PATHS = ['/caf\u00c3\u00a9', '/x#y', '/tab\u0001']

/** What the origin behind all proxies says; it gives back `X-Echo` as a header that is captured. */
export function script({ head, method, path }: Asked): Answer {
  const echo = fieldOf(head, 'x-echo')
  const fields: [string, string][] = echo === undefined ? [] : [['X-R', echo]]
  const bare = method === 'HEAD'
  if (path.startsWith('/gone')) return { pieces: [], afterwards: 'end' }
  if (path.startsWith('/part')) {
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nonly this'
    return { pieces: [head], afterwards: 'end' }
  }
  const body = Buffer.alloc(path.startsWith('/size') ? 70_000 : path.length % 200, 'x')
  const chunks = path.startsWith('/chunked') ? { chunks: [10, 20] } : {}
  return respond({ body, fields, bare, connection: 'close', ...chunks })
}

/** What can be in a header without HAProxy refusing it. */
const headerSafe = (text: string): string =>
  [...text]
    .filter((char) => char >= ' ' || char === '\t')
    .join('')
    .trim()
const uriSafe = (text: string): string => text.replace(/[^!-~]|#/g, '_')

export interface Sending {
  readonly proxy: MadeProxy
  readonly port: number
  /** A line of this very proxy: pieces of it make the best forgeries. */
  readonly seen?: string
}

function forged(random: Random, seen: string | undefined): string {
  if (seen === undefined || random.below(3) === 0) return random.pick(VALUES)
  const from = random.below(seen.length)
  return headerSafe(seen.slice(from, from + 1 + random.below(280)))
}

function httpRequest(random: Random, seen: string | undefined): Buffer {
  if (random.below(25) === 0) return Buffer.from('this is no request at all\r\n\r\n')
  const long = random.below(25) === 0 ? `?${'abcdefghi/'.repeat(150)}` : ''
  const query = random.below(3) === 0 ? `?${uriSafe(forged(random, seen))}` : ''
  const path = random.below(20) === 0 ? random.pick(BAD_PATHS) : random.pick(PATHS)
  const fields: [string, string][] = [['Connection', 'close']]
  for (const name of ['X-A', 'X-Echo', 'Cookie']) {
    if (random.below(5) === 0) continue
    fields.push([name, `${name === 'Cookie' ? 'SESS=' : ''}${forged(random, seen)}`])
  }
  const method = random.pick(['GET', 'GET', 'GET', 'HEAD', 'POST', 'BREW'])
  const body = method === 'POST' ? { body: 'z'.repeat(random.below(300)) } : {}
  return request(`${path}${long || query}`, {
    method,
    fields,
    version: random.pick(['1.0', '1.1', '1.1']),
    ...body,
  })
}

const PROXY_HEADERS = [
  'PROXY TCP4 192.0.2.7 198.51.100.9 4711 80\r\n',
  'PROXY TCP6 2001:db8::1 2001:db8:1:2:3:4:5:6 80 65535\r\n',
  'PROXY TCP6 ::1 ::1 1 2\r\n',
  'PROXY UNKNOWN\r\n',
]

/** One connection with one request, to its end; some clients go in the midst of the answer, or before it. */
export async function send(random: Random, { proxy, port, seen }: Sending): Promise<void> {
  const header = Buffer.from(proxy.proxied ? random.pick(PROXY_HEADERS) : '')
  const bytes = Buffer.concat([header, httpRequest(random, seen)])
  const leaves = random.below(12)
  const connection = await open(port, proxy.tls ? { tls: { rejectUnauthorized: false } } : {})
  await connection.write(leaves === 0 ? bytes.subarray(0, header.length + 5) : bytes)
  if (leaves === 1) await connection.reader.exactly(20)
  if (leaves < 3) connection.socket.destroy()
  else await within(60_000, `the answer to ${bytes.toString('latin1')}`, connection.finish())
}
