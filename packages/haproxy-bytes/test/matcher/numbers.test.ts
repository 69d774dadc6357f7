import { expect, test } from 'vitest'
import { parseLogFormat } from '../../src/log-format/index.ts'
import { matcherOf } from '../../src/matcher/index.ts'

test.each<[string, string, string, (string | undefined)[]]>([
  ['%Tt%B;', '+14+138;', 'whole', ['+14', '+138']],
  ['%Tt%B;', '-1+138;', 'whole', ['-1', '+138']],
  // Each of them may have any of the digits.
  ['%Tt%B;', '14138;', 'ambiguous', []],
  // +X is for aliases: what a fetch gives stays as it is.
  ['%{+X}o%r %[src]:', 'GET / HTTP/1.1 127.0.0.0:', 'whole', ['GET / HTTP/1.1', '127.0.0.0']],
  ['%{+X}o%r %ci:', 'GET / HTTP/1.1 7F000001:', 'whole', ['GET / HTTP/1.1', '7F000001']],
])('%s of %s: %s', (format, text, outcome, texts) => {
  const matcher = matcherOf(parseLogFormat(format))
  const line = Buffer.from(text)
  expect(matcher.match(line, 0, line.length)).toBe(outcome)
  for (const [field, wanted] of texts.entries())
    expect(line.toString('latin1', matcher.spans.from[field], matcher.spans.to[field])).toBe(wanted)
})
