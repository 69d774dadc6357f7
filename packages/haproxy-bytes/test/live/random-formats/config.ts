import type { Random } from '../random.ts'
import { section } from '../scenario.ts'
import { type Flags, type MadeFormat, makeFormat, written } from './format.ts'

/** One proxy with a format of its own. */
export interface MadeProxy {
  readonly name: string
  readonly mode: 'http' | 'tcp'
  readonly format: MadeFormat
  /** Whether connections begin with a PROXY header. */
  readonly proxied: boolean
  readonly tls: boolean
  /** `len` of the line as users have it: what is longer is cut. */
  readonly limit?: number
  readonly lines: readonly string[]
}

/** Stands between values of the structured data: no client of these tests sends it. */
export const MARK = '\x1e'

/** Values without any flag that a transfer is made of. */
export const PLAIN = {
  http: 'f ft b s ci cp ST B U ts tsc tr Ta rc lc rt t Tt'.split(' '),
  tcp: 'f ft b s ci cp B U ts tsc rc lc rt t Tt'.split(' '),
} as const

const fieldText = (name: string, isFetch: boolean, flags: Flags): string =>
  `%${written(flags)}${isFetch ? `[${name}]` : name}`

/** The values of this very transfer once more, one by one, made by HAProxy in the same line's structured data. */
export function structuredData({ mode, format }: Pick<MadeProxy, 'mode' | 'format'>): string {
  const plain = PLAIN[mode].map((name) => `%${name}`)
  const fields = format.items.flatMap((item) =>
    item.kind === 'field' ? [fieldText(item.name, item.isFetch, item.flags)] : [],
  )
  return `${MARK}${[...plain, ...fields].join(MARK)}${MARK}`
}

/** A word of a configuration: the three ways of doc 2.2. */
function word(text: string, random: Random): string {
  switch (random.below(3)) {
    case 0:
      return `'${text.replaceAll("'", "'\\''")}'`
    case 1:
      return `"${text.replace(/["\\$]/g, '\\$&')}"`
    default:
      return text.replace(/[\s"'\\#]/g, '\\$&')
  }
}

const CAPTURES = {
  request: ['capture request header x-a len 300', 'capture request header host len 20'],
  response: ['capture response header x-r len 60', 'capture response header content-length len 9'],
}

export function makeProxy(random: Random, number: number): MadeProxy {
  const mode = random.below(8) === 0 ? 'tcp' : 'http'
  const format = makeFormat(random, mode)
  const tls = random.below(5) === 0
  const proxied = !tls && random.below(5) === 0
  const limit = random.below(6) === 0 ? { limit: 80 + random.below(150) } : {}
  const lines = [
    `log-format-sd '${structuredData({ mode, format }).replaceAll("'", "'\\''")}'`,
    `log-format ${word(format.text, random)}`,
  ]
  if (random.below(6) === 0) lines.push('option logasap')
  if (mode === 'http') {
    const captured = random.below(4)
    if (captured & 1) lines.push(...CAPTURES.request)
    if (captured & 2) lines.push(...CAPTURES.response)
    if (random.below(2) === 0) lines.push('capture cookie SESS len 60')
    if (random.below(3) === 0) lines.push('unique-id-format %{+X}o\\ %ci:%cp_%Ts')
    if (random.below(3) === 0) lines.push('option accept-invalid-http-request')
  }
  return {
    name: `${random.pick(['fe', 'w.eb', 'a_b', 'x-y', 'p:q'])}${number}`,
    mode,
    format,
    proxied,
    tls,
    ...limit,
    lines,
  }
}

export interface Ends {
  readonly port: number
  readonly origin: number
  /** Where the line with structured data goes, and where the line as users have it. */
  readonly truth: string
  readonly wire: string
  /** Key and certificate. */
  readonly pem: string
}

const WRAPPERS = ['local', 'local', 'rfc3164', 'timed', 'iso', 'short', 'priority', 'raw']

export function proxyText(
  { name, mode, proxied, tls, limit = 65_000, lines }: MadeProxy,
  ends: Ends,
  random: Random,
): string {
  const http = [
    'http-request set-var(txn.a) req.hdr(x-a)',
    'http-response set-var(txn.b) res.hdr(x-r)',
    'http-response set-var(txn.length) res.hdrs,length',
    'http-request deny if { path_beg /deny }',
    'http-request redirect location /else if { path_beg /redirect }',
    'http-request return status 200 content-type text/plain string ok if { path_beg /return }',
    'use_backend be_none if { path_beg /none }',
    'use_backend be.v1:cookie if { path_beg /cookie }',
    'default_backend be_app',
  ]
  return section(`frontend ${name}`, [
    `mode ${mode}`,
    `bind 127.0.0.1:${ends.port}${proxied ? ' accept-proxy' : ''}${tls ? ` ssl crt ${ends.pem}` : ''}`,
    `log ${ends.truth} len 65000 format rfc5424 local0`,
    `log ${ends.wire} len ${limit} format ${random.pick(WRAPPERS)} local0`,
    ...lines,
    ...(mode === 'http' ? http : ['default_backend be_tcp']),
  ])
}

export const backends = (origin: number): string[] => [
  section('backend be_app', ['mode http', `server s1 127.0.0.1:${origin}`]),
  section('backend be_none', ['mode http']),
  section('backend be.v1:cookie', [
    'mode http',
    'cookie SRV insert indirect nocache',
    `server a:1 127.0.0.1:${origin} cookie a`,
  ]),
  section('backend be_tcp', ['mode tcp', `server t_1.x 127.0.0.1:${origin}`]),
]
