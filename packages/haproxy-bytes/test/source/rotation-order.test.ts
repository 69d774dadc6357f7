import { describe, expect, test } from 'vitest'
import { inOrderOfTime, readRotatedName } from '../../src/source/rotation-order.ts'

describe('names of rotated logs', () => {
  test.each([
    ['/l/haproxy.log', { series: '/l/haproxy.log' }],
    ['haproxy.log.1', { series: './haproxy.log', number: 1 }],
    ['haproxy.log.12.gz', { series: './haproxy.log', number: 12 }],
    ['haproxy.log.2.zst', { series: './haproxy.log', number: 2 }],
    ['haproxy.log-20261120', { series: './haproxy.log', date: '20261120' }],
    ['haproxy.log-20261120.gz', { series: './haproxy.log', date: '20261120' }],
    ['haproxy.log-2026112015.gz', { series: './haproxy.log', date: '2026112015' }],
    ['haproxy.log-20261120-1795255200', { series: './haproxy.log', date: '202611201795255200' }],
    ['haproxy-2026-11-20.log.gz', { series: './haproxy.log', date: '20261120' }],
    ['haproxy-2026-11-20_13.log', { series: './haproxy.log', date: '2026112013' }],
    ['haproxy.1.log', { series: './haproxy.log', number: 1 }],
    ['lb2.log', { series: './lb2.log' }],
    ['a/lb-10.0.0.1.log', { series: 'a/lb-10.0.0.log', number: 1 }],
  ])('%s', (path, expected) => {
    expect(readRotatedName(path)).toEqual(expected)
  })
})

describe('the order of time', () => {
  const paths = (...named: readonly (readonly [string, number?])[]): string[] =>
    inOrderOfTime(named.map(([path, modified = 0]) => ({ path, modified }))).map(({ path }) => path)

  test.each([
    [
      'numbers',
      [['h.log'], ['h.log.1'], ['h.log.10.gz'], ['h.log.2.gz']],
      ['h.log.10.gz', 'h.log.2.gz', 'h.log.1', 'h.log'],
    ],
    [
      'dates',
      [['h.log'], ['h.log-20261121'], ['h.log-20261119.gz'], ['h.log-20261120.gz']],
      ['h.log-20261119.gz', 'h.log-20261120.gz', 'h.log-20261121', 'h.log'],
    ],
    [
      'both, as the files are of age',
      [
        ['h.log', 9],
        ['h.log.1', 2],
        ['h.log-20261119.gz', 3],
      ],
      ['h.log.1', 'h.log-20261119.gz', 'h.log'],
    ],
    [
      'two series stay as they were named',
      [['b/h.log'], ['a/h.log.1'], ['b/h.log.1'], ['a/h.log']],
      ['b/h.log.1', 'b/h.log', 'a/h.log.1', 'a/h.log'],
    ],
  ] as const)('%s', (_, named, expected) => {
    expect(paths(...named)).toEqual(expected)
  })
})
