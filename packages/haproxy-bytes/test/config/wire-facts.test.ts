import { describe, expect, test } from 'vitest'
import { NO_FACTS, type ProxyFacts, parseConfig, wireFacts } from '../../src/config/index.ts'

const factsOf = (text: string): ProxyFacts => {
  const { proxies } = parseConfig(text)
  const [front, back] = proxies
  if (front === undefined) throw new Error('no proxy')
  return wireFacts(front, back)
}

/** Lines of the frontend, then of the backend. */
const pair = (frontend: readonly string[], backend: readonly string[] = []): ProxyFacts =>
  factsOf(
    [
      'frontend fe',
      'mode http',
      'bind :80',
      ...frontend,
      'backend be',
      'mode http',
      ...backend,
      'server s1 127.0.0.1:1 cookie s1',
    ].join('\n'),
  )

test('a plain pair changes nothing', () => {
  const nothing = { low: 0, high: 0 }
  expect(pair([])).toEqual({
    ...NO_FACTS,
    known: true,
    mode: 'http',
    tls: 'none',
    responseEdits: nothing,
    editParts: { added: nothing, deleted: nothing, cookies: nothing, insertion: nothing },
  })
})

describe('what a line says', () => {
  test.each<[string, readonly string[], readonly string[], Partial<ProxyFacts>]>([
    ['httpclose', ['option httpclose'], [], { frontendCloses: true }],
    ['httpclose of a backend is for servers', [], ['option httpclose'], { frontendCloses: false }],
    ['forceclose', ['option forceclose'], [], { frontendCloses: true }],
    ['taken back', ['option httpclose', 'no option httpclose'], [], { frontendCloses: false }],
    ['logasap', ['option logasap'], [], { logasap: true }],
    ['accept-proxy', ['bind :81 accept-proxy'], [], { acceptProxy: true }],
    [
      'expect-proxy',
      ['tcp-request connection expect-proxy layer4 if { src 10.0.0.1 }'],
      [],
      { acceptProxy: true },
    ],
    ['send-proxy', [], ['server s2 127.0.0.1:2 send-proxy-v2'], { sendProxy: true }],
    ['compression', [], ['compression algo gzip deflate'], { compression: true }],
    ['identity is none', [], ['compression algo identity'], { compression: false }],
    ['of requests only', [], ['compression algo-req gzip'], { compression: false }],
    ['some TLS', ['bind :443 ssl crt a.pem alpn http/1.1'], [], { tls: 'some', http2: false }],
    ['h2 by ALPN', ['bind :443 ssl crt a.pem alpn h2,http/1.1'], [], { http2: true }],
    ['h2 by the default of TLS since 2.9', ['bind :443 ssl crt a.pem'], [], { http2: true }],
    ['h2 by prior knowledge', ['bind :81 proto h2'], [], { http2: true }],
    ['QUIC', ['bind quic4@:443 ssl crt a.pem alpn h3'], [], { http2: true }],
    ['errorfile', [], ['errorfile 503 a.http', 'errorloc 403 /x'], { errorFiles: [403, 503] }],
    ['a set of errorfiles', ['errorfiles mine'], [], { errorFiles: 'any' }],
    ['part of a set', ['errorfiles mine 500 404'], [], { errorFiles: [404, 500] }],
    ['http-error', ['http-error status 429 content-type text/plain string x'], [], { errorFiles: [429] }],
    ['deny with a file', ['http-request deny errorfile a.http'], [], { errorFiles: 'any' }],
    ['framing', ['http-response del-header Content-Length'], [], { framingRewritten: true }],
    ['a status', [], ["http-response set-status 503 reason 'Slow Down'"], { reasonSet: 9 }],
    ['retries', [], ['retry-on 503 empty-response'], { retriesRequests: true }],
    ['a cache', [], ['http-request cache-use kept'], { cache: true }],
    ['no HTX', ['no option http-use-htx'], [], { htx: false }],
  ])('%s', (_, frontend, backend, expected) => {
    expect(pair(frontend, backend)).toMatchObject(expected)
  })
})

describe('bytes that rules change of a response', () => {
  test.each<[string, readonly string[], ProxyFacts['responseEdits']]>([
    ['added', ["http-response add-header x-test '0123456789'"], { low: 20, high: 20 }],
    [
      'added under a condition',
      ['http-response add-header x-test 0123456789 if { src 10.0.0.1 }'],
      { low: 0, high: 20 },
    ],
    ['added with what varies', ['http-response add-header x-test %[srv_name]'], { low: 10 }],
    ['set: there may have been one', ['http-response set-header server hap'], { high: 13 }],
    ['deleted', ['http-response del-header x-powered-by'], { high: 0 }],
    ['replaced', ['http-response replace-value x a b'], {}],
    ['of requests', ['http-request add-header x-test 0123456789'], { low: 0, high: 0 }],
    ['a cookie', ['cookie SRV insert indirect'], { low: 0, high: 28 }],
    ['a cookie that is rewritten', ['cookie SRV rewrite'], {}],
  ])('%s', (_, backend, expected) => {
    expect(pair([], backend).responseEdits).toEqual(expected)
  })
})

test('a listen section is both, and its defaults count', () => {
  expect(
    factsOf(
      'defaults\nmode http\noption httpclose\nlisten l\nbind :80\ncompression algo gzip\nserver s 127.0.0.1:1',
    ),
  ).toMatchObject({ mode: 'http', frontendCloses: true, compression: true })
})
