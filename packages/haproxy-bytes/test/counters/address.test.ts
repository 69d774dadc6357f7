import { expect, test } from 'vitest'
import { parseStatsAddress, statsAddressText } from '../../src/counters/index.ts'

test.each<[string, object | undefined, string?]>([
  ['/run/haproxy/admin.sock', { kind: 'unix', path: '/run/haproxy/admin.sock' }],
  ['unix@/run/a', { kind: 'unix', path: '/run/a' }, '/run/a'],
  ['abns@haproxy', { kind: 'unix', path: '\0haproxy' }],
  ['stats.sock', { kind: 'unix', path: 'stats.sock' }],
  ['/run/odd:9999', { kind: 'unix', path: '/run/odd:9999' }],
  ['127.0.0.1:9999', { kind: 'tcp', host: '127.0.0.1', port: 9999 }],
  ['ipv4@lb1:9999', { kind: 'tcp', host: 'lb1', port: 9999 }, 'lb1:9999'],
  ['[2001:db8::1]:9999', { kind: 'tcp', host: '2001:db8::1', port: 9999 }],
  [':9999', { kind: 'tcp', host: 'localhost', port: 9999 }, 'localhost:9999'],
  ['*:9999', { kind: 'tcp', host: 'localhost', port: 9999 }, 'localhost:9999'],
  ['lb1:0', undefined],
  ['lb1:70000', undefined],
  ['ipv4@lb1', undefined],
  ['', undefined],
])('%s', (text, address, shown = text) => {
  const parsed = parseStatsAddress(text)
  expect(parsed).toEqual(address)
  if (parsed) expect(statsAddressText(parsed)).toBe(shown)
})
