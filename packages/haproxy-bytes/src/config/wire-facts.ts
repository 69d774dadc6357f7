import type { Directive, ProxySection } from './config.ts'
import { allEdits, type EditRange, type ResponseEdits, responseEdits } from './header-edits.ts'
import { allOf, hasOption, lastOf } from './proxies.ts'

/** What a configuration says about bytes that no log line tells of, for one frontend and one backend. */
export interface ProxyFacts {
  /** False: there is no configuration, so that nothing is excluded. */
  readonly known: boolean
  readonly mode?: 'http' | 'tcp'
  /** TLS on every `bind` of the frontend, on none, or on some. */
  readonly tls: 'all' | 'none' | 'some'
  /** `alpn h2` or `proto h2`, or a UDP bind: HTTP/2 or HTTP/3 may be spoken to clients. */
  readonly http2: boolean
  /** `option httpclose` of the frontend: each response says `connection: close`. That of a backend is for servers. */
  readonly frontendCloses: boolean
  readonly acceptProxy: boolean
  /** `send-proxy` and its like on any server. */
  readonly sendProxy: boolean
  readonly compression: boolean
  readonly logasap: boolean
  /** Statuses with an errorfile, `http-error` or the like; `any` where a whole set is named. */
  readonly errorFiles: readonly number[] | 'any'
  /** Bytes that rules and cookies change of a response's headers on the wire; no `high` or `low`: it depends. */
  readonly responseEdits: EditRange
  /** The same by kind; undefined without a configuration. */
  readonly editParts?: ResponseEdits
  /** Rules that change Content-Length, Transfer-Encoding or the version, so that the framing is not what it seems. */
  readonly framingRewritten: boolean
  /** Rules that change headers before they are first measured, or after they are measured last. */
  readonly fieldsMisplaced: boolean
  /** `set-status` on a response: the longest reason phrase that the client may get in place of the server's. */
  readonly reasonSet?: number
  /** Rules that change headers of a request before they are counted. */
  readonly requestMisplaced: boolean
  /** `no option http-use-htx` (2.0) or `option http-use-htx` (1.9); undefined where neither is said. */
  readonly htx?: boolean
  /** `retry-on`: a request may have gone to servers more than once. */
  readonly retriesRequests: boolean
  readonly cache: boolean
}

/** What holds without a configuration. */
export const NO_FACTS: ProxyFacts = {
  known: false,
  tls: 'some',
  http2: false,
  frontendCloses: false,
  acceptProxy: false,
  sendProxy: false,
  compression: false,
  logasap: false,
  errorFiles: [],
  responseEdits: {},
  framingRewritten: false,
  fieldsMisplaced: false,
  requestMisplaced: false,
  retriesRequests: false,
  cache: false,
}

const PROXY_WORD = /^send-proxy/

/**
 * What of a configuration changes what goes over the wire.
 *
 * @param backend the same section for `listen`, or where no backend was reached
 */
export function wireFacts(frontend: ProxySection, backend: ProxySection = frontend): ProxyFacts {
  const both = backend === frontend ? [frontend] : [frontend, backend]
  const directives = both.flatMap((proxy) => proxy.directives)
  const binds = allOf(frontend.directives, 'bind').map(({ words }) => words)
  const secured = binds.filter((words) => words.includes('ssl')).length
  const servers = [...allOf(backend.directives, 'server'), ...allOf(backend.directives, 'default-server')]
  const has = (name: string): boolean => both.some((proxy) => hasOption(proxy.directives, name))
  const htx = htxOf(directives)
  const reasonSet = reasonOf(directives)
  const editParts = responseEdits(directives, backend)
  return {
    known: true,
    ...(frontend.mode === 'tcp' || frontend.mode === 'http' ? { mode: frontend.mode } : {}),
    tls: secured === 0 ? 'none' : secured === binds.length ? 'all' : 'some',
    http2: binds.some(speaksHttp2),
    frontendCloses:
      hasOption(frontend.directives, 'httpclose') || hasOption(frontend.directives, 'forceclose'),
    acceptProxy: binds.some((words) => words.includes('accept-proxy')) || expectsProxy(frontend),
    sendProxy: servers.some(({ words }) => words.some((word) => PROXY_WORD.test(word))),
    compression: directives.some(({ words }) => words[0] === 'compression' && isCompressing(words)),
    logasap: has('logasap'),
    errorFiles: errorFilesOf(directives),
    responseEdits: allEdits(editParts),
    editParts,
    framingRewritten: directives.some(({ words }) => rewritesFraming(words)),
    fieldsMisplaced: areMisplaced(frontend, backend),
    requestMisplaced: isBefore(rulesOf(frontend, 'http-request'), /^set-var\(txn\.(?:hb_)?nq0\b/),
    ...(reasonSet !== undefined && { reasonSet }),
    ...(htx !== undefined && { htx }),
    retriesRequests: lastOf(backend.directives, 'retry-on') !== undefined,
    cache: directives.some(({ words }) => words.includes('cache-use')),
  }
}

/** From 2.9 on TLS offers h2 unless told otherwise (doc 5.1, alpn): `alpn http/1.1` alone takes it back. */
function speaksHttp2(words: readonly string[]): boolean {
  const after = (word: string): string | undefined => words[words.indexOf(word) + 1]
  if (words.includes('proto')) return after('proto') === 'h2'
  if (/^quic/.test(words[1] ?? '')) return true
  if (words.includes('alpn')) return (after('alpn') ?? '').includes('h2')
  return words.includes('ssl')
}

const expectsProxy = ({ directives }: ProxySection): boolean =>
  allOf(directives, 'tcp-request', 'connection').some(({ words }) => words[2] === 'expect-proxy')

const isCompressing = (words: readonly string[]): boolean =>
  (words[1] === 'algo' || words[1] === 'algo-res') && words[2] !== 'identity'

function htxOf(directives: readonly Directive[]): boolean | undefined {
  const last = directives.filter(({ words }) => words.includes('http-use-htx')).at(-1)
  return last && last.words[0] !== 'no'
}

function errorFilesOf(directives: readonly Directive[]): readonly number[] | 'any' {
  const statuses = new Set<number>()
  for (const { words } of directives) {
    const [first, second, third] = words
    if (first === 'errorfiles') {
      const named = words.slice(2).map(Number)
      if (named.length === 0) return 'any'
      for (const status of named) statuses.add(status)
    } else if (/^error(?:file|loc|loc302|loc303)$/.test(first ?? '')) statuses.add(Number(second))
    else if (first === 'http-error' && second === 'status') statuses.add(Number(third))
    else if (
      words.some((word) => word === 'errorfile' || word === 'errorfiles' || word === 'default-errorfiles')
    )
      return 'any'
  }
  return [...statuses].sort((a, b) => a - b)
}

const RESPONSE_RULES = new Set(['http-response', 'http-after-response'])
const HEADER_RULE = /^(?:add|set|del|replace)-(?:header|headers-bin|value)$/
const LONGEST_USUAL_REASON = 31

function rewritesFraming(words: readonly string[]): boolean {
  return (
    RESPONSE_RULES.has(words[0] ?? '') &&
    HEADER_RULE.test(words[1] ?? '') &&
    /^(?:content-length|transfer-encoding|connection)$/i.test(words[2] ?? '')
  )
}

/** Without `reason` HAProxy writes the usual one. */
function reasonOf(directives: readonly Directive[]): number | undefined {
  const lengths = directives
    .filter(({ words }) => RESPONSE_RULES.has(words[0] ?? '') && words[1] === 'set-status')
    .map(({ words }) => (words[3] === 'reason' ? (words[4] ?? '').length : LONGEST_USUAL_REASON))
  return lengths.length === 0 ? undefined : Math.max(...lengths)
}

const rulesOf = (proxy: ProxySection, kind: string): string[] =>
  proxy.directives.filter(({ words }) => words[0] === kind).map(({ words }) => words[1] ?? '')

/** Whether headers are changed before the rule that counts them. */
function isBefore(rules: readonly string[], counting: RegExp): boolean {
  const at = rules.findIndex((rule) => counting.test(rule))
  return rules.slice(0, Math.max(0, at)).some((rule) => HEADER_RULE.test(rule))
}

/** `set-var(txn.hb_rh0)` must come before the first rule that changes a response, `set-var(txn.hb_rh1)` after the last. */
function areMisplaced(frontend: ProxySection, backend: ProxySection): boolean {
  if (isBefore(rulesOf(backend, 'http-response'), /^set-var\(txn\.(?:hb_)?rh0\b/)) return true
  const last = rulesOf(frontend, 'http-after-response')
  const again = last.findLastIndex((rule) => /^set-var\(txn\.(?:hb_)?rh1\b/.test(rule))
  return again >= 0 && last.slice(again + 1).some((rule) => HEADER_RULE.test(rule))
}
