import { describe, expect, test } from 'vitest'
import { formatDaemonAddress, parseDaemonAddress } from '../../src/rrdcached/index.ts'

describe('address of a daemon', () => {
  test.each([
    ['unix:/run/rrdcached.sock', { kind: 'unix', path: '/run/rrdcached.sock' }],
    ['/run/rrdcached.sock', { kind: 'unix', path: '/run/rrdcached.sock' }],
    ['unix:relative.sock', { kind: 'unix', path: 'relative.sock' }],
    ['/with:colon', { kind: 'unix', path: '/with:colon' }],
    ['db.example', { kind: 'tcp', host: 'db.example', port: 42217 }],
    ['db.example:1234', { kind: 'tcp', host: 'db.example', port: 1234 }],
    ['127.0.0.1:65535', { kind: 'tcp', host: '127.0.0.1', port: 65535 }],
    ['[::1]', { kind: 'tcp', host: '::1', port: 42217 }],
    ['[2001:db8::2]:99', { kind: 'tcp', host: '2001:db8::2', port: 99 }],
    ['2001:db8::2', { kind: 'tcp', host: '2001:db8::2', port: 42217 }],
  ])('%s', (text, address) => {
    expect(parseDaemonAddress(text)).toEqual(address)
    expect(parseDaemonAddress(formatDaemonAddress(parseDaemonAddress(text)))).toEqual(address)
  })

  test.each([
    '',
    'unix:',
    ':1234',
    'host:',
    'host:0',
    'host:65536',
    'host:rrd',
    '[::1',
    '[::1]x',
    '[host]:1',
    'a b',
    '[]',
  ])('«%s» is refused', (text) => {
    expect(() => parseDaemonAddress(text)).toThrow(
      expect.objectContaining({ name: 'RrdcachedError', code: 'BAD_ARGUMENT' }),
    )
  })
})
