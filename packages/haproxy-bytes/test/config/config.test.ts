import { describe, expect, test } from 'vitest'
import { hasOption, logFormats, parseConfig } from '../../src/config/index.ts'
import { tokenise } from '../../src/config/tokenise.ts'
import { KNOWN_FORMATS } from '../../src/log-format/index.ts'

const variables = (name: string): string | undefined =>
  ({ HOST: 'lb1', LIST: 'a  b c' })[name as 'HOST' | 'LIST']

describe('words of a line', () => {
  test.each([
    ['log 127.0.0.1 local0', ['log', '127.0.0.1', 'local0']],
    ['  a   b\t c  ', ['a', 'b', 'c']],
    ['a # b', ['a']],
    ['a\\#b', ['a#b']],
    ['log-format %ci\\ %cp', ['log-format', '%ci %cp']],
    ['log-format "%ci %cp"', ['log-format', '%ci %cp']],
    [`log-format '{"ci":"%ci"}'`, ['log-format', '{"ci":"%ci"}']],
    ['log-format "{\\"ci\\":\\"%ci\\"}"', ['log-format', '{"ci":"%ci"}']],
    [`a "b"'c'd`, ['a', 'bcd']],
    [`a "" ''`, ['a', '', '']],
    [`a "$HOST" \${HOST} $HOST`, ['a', 'lb1', 'lb1', '$HOST']],
    [`a '\${HOST}'`, ['a', `\${HOST}`]],
    [`a \${NONE-x y} \${NONE}`, ['a', 'x y', '']],
    [`a "\${LIST[*]}"`, ['a', 'a', 'b', 'c']],
    ['a \\x41\\n', ['a', 'A\n']],
    ['acl x path_reg ^/\\d+$', ['acl', 'x', 'path_reg', '^/\\d+$']],
  ])('%s', (line, words) => {
    expect(tokenise(line, variables)).toEqual({ words })
  })

  test.each([
    ['a "b', 'open-quote'],
    [`a \${HOST`, 'open-variable'],
    ['a \\xZZ', 'bad-escape'],
  ])('%s is refused', (line, problem) => {
    expect(tokenise(line, variables).problem).toBe(problem)
  })
})

const CONFIG = `
global
    log /dev/log local0
defaults base
    mode http
    option httplog
    option forwardfor
defaults tcp from base
    mode tcp
    option tcplog
frontend web from base
    bind :80
    default_backend app
frontend own from base
    log-format "%ci:%cp %ST %B lc=%lc"
frontend late from base
    log-format "%B"
    no option forwardfor
    option httplog clf
frontend raw from tcp
frontend fallback from tcp
    option httplog
frontend known from base
    log-format "\${HAPROXY_HTTP_LOG_FMT} lc=%lc"
listen bare
    mode http
    no option httplog
backend app from base
    server s1 127.0.0.1:8080
frontend lost from nowhere
`

describe('a configuration', () => {
  const config = parseConfig(CONFIG)

  test('what each proxy logs', () => {
    expect(Object.fromEntries(logFormats(config).map(({ proxy, format }) => [proxy, format]))).toEqual({
      web: KNOWN_FORMATS.http,
      own: '%ci:%cp %ST %B lc=%lc',
      late: KNOWN_FORMATS.clf,
      raw: KNOWN_FORMATS.tcp,
      fallback: KNOWN_FORMATS.tcp,
      known: `${KNOWN_FORMATS.http} lc=%lc`,
      bare: KNOWN_FORMATS.tcp,
      lost: undefined,
    })
  })

  test('options are inherited and taken back', () => {
    const forwardfor = config.proxies.map(({ name, directives }) => [
      name,
      hasOption(directives, 'forwardfor'),
    ])
    expect(Object.fromEntries(forwardfor)).toMatchObject({ web: true, late: false, raw: true, app: true })
  })

  test('what it does not find is a problem with its line', () => {
    expect(config.problems).toEqual([{ code: 'unknown-defaults', line: 30, text: 'nowhere' }])
  })
})
