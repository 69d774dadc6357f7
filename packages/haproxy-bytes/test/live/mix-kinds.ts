import { chunksOf, payload } from './answers.ts'
import type { RequestOptions } from './client.ts'
import type { Random } from './random.ts'

/** A kind of request in a mix; its path begins with its name, and it has a backend of its own. */
export interface MixKind {
  readonly name: string
  /** Rules of the frontend, for this kind's paths only. */
  readonly frontend?: readonly string[]
  readonly backend?: readonly string[]
  readonly server?: string
  /** No server stands behind it. */
  readonly alone?: true
  /** The origin closes so many times before it answers. */
  readonly failures?: number
  /** The connection ends with the response. */
  readonly closes?: true
  readonly request: (random: Random) => { readonly path: string; readonly options?: RequestOptions }
}

const MOST = 40_000
const get = (options: RequestOptions = {}) => {
  return (random: Random) => ({ path: `/cl/${random.size(MOST)}`, options })
}

const chunks = (random: Random): number[] =>
  Array.from({ length: 1 + random.below(6) }, () => 1 + random.size(MOST / 4))

const withField = (name: string, value: string): RequestOptions => ({ fields: [[name, value]] })

export const MIX_KINDS: readonly MixKind[] = [
  { name: 'plain', request: get() },
  { name: 'binary', request: (random) => ({ path: `/bin/${random.size(MOST)}` }) },
  { name: 'head', request: get({ method: 'HEAD' }) },
  { name: 'unmodified', request: () => ({ path: '/304' }) },
  { name: 'chunked', request: (random) => ({ path: `/ch/${chunks(random).join('x')}` }) },
  { name: 'trailers', request: (random) => ({ path: `/tr/${1 + random.size(MOST)}` }) },
  {
    name: 'post',
    request: (random) => ({ path: '/up', options: { method: 'POST', body: payload(random.size(MOST)) } }),
  },
  {
    name: 'post-chunked',
    request: (random) => {
      const sizes = chunks(random)
      const body = payload(sizes.reduce((sum, size) => sum + size, 0))
      const options = { method: 'POST', raw: Buffer.concat(chunksOf(body, sizes)) }
      return { path: '/up', options: { ...options, ...withField('Transfer-Encoding', 'chunked') } }
    },
  },
  {
    name: 'expect',
    request: () => ({
      path: '/exp',
      options: { method: 'POST', body: payload(100), ...withField('Expect', '100-continue') },
    }),
  },
  // Larger ones would be cut off by HAProxy 2.6.12, see the scenario `early-hints-together`.
  { name: 'hints', request: (random) => ({ path: `/hi/${random.size(10_000)}` }) },
  {
    name: 'headers',
    backend: [
      "http-response set-header strict-transport-security 'max-age=31536000'",
      'http-response del-header x-powered-by',
      'http-response add-header x-served-by %[srv_name]',
    ],
    request: get(),
  },
  {
    name: 'cookie',
    backend: ['cookie SRV insert indirect nocache'],
    server: 'cookie s1',
    request: (random) =>
      get(random.next() < 0.5 ? {} : withField('Cookie', `x=${random.below(1000)}; SRV=s1`))(random),
  },
  {
    name: 'forwarded',
    frontend: ['http-request add-header x-a 12345'],
    backend: ['option forwardfor'],
    request: get(),
  },
  {
    name: 'gzip',
    backend: ['compression algo gzip', 'compression type text/plain'],
    request: (random) => get(random.next() < 0.7 ? withField('Accept-Encoding', 'gzip') : {})(random),
  },
  { name: 'denied', alone: true, frontend: ['http-request deny'], request: get() },
  { name: 'redirected', alone: true, frontend: ['http-request redirect location /new'], request: get() },
  {
    name: 'returned',
    alone: true,
    frontend: ["http-request return status 200 content-type text/plain string 'hello world'"],
    request: get(),
  },
  { name: 'no-server', alone: true, request: get() },
  {
    name: 'retried',
    failures: 2,
    backend: ['retries 3', 'retry-on empty-response', 'option redispatch 0'],
    request: get(),
  },
  { name: 'client-closes', closes: true, request: get(withField('Connection', 'close')) },
  { name: 'http10', closes: true, request: get({ version: '1.0' }) },
  {
    name: 'http10-keep-alive',
    request: get({ version: '1.0', ...withField('Connection', 'keep-alive') }),
  },
  { name: 'until-close', closes: true, request: (random) => ({ path: `/close/${random.size(MOST)}` }) },
]

/** Kinds whose wire bytes follow from a log with the lengths of headers: the rest is bounded, or unknown. */
export const EXACT_KINDS: readonly string[] = [
  'plain',
  'binary',
  'head',
  'unmodified',
  'post',
  'headers',
  'cookie',
  'forwarded',
  'denied',
  'redirected',
  'returned',
  'no-server',
  'retried',
]
