import { describe, expect, test } from 'vitest'
import { KNOWN_FORMATS, parseLogFormat } from '../../src/log-format/index.ts'
import type { Group } from '../../src/totals/index.ts'
import { hasFormat, SENT_LINES } from '../fixtures/lines.ts'
import { ALL_KEYS, AUTO, type Counting, countFast, countPlain, isTaken, random, textOf } from './counted.ts'

/** As often as it takes to be learned, and some more. */
const OFTEN = 12
const HTTP = [parseLogFormat(KNOWN_FORMATS.http)]
const sent = SENT_LINES.map(({ bytes }) => bytes)
const httpLines = SENT_LINES.filter(({ format }) => format === KNOWN_FORMATS.http)
const usual =
  '<134>Nov 21 11:35:12 lb1 haproxy[2711]: 192.0.2.77:51234 [21/Nov/2026:11:35:12.345] www~ be_app/srv1 0/0/3/14/22 200 2835 - - ---- 12/11/3/1/0 0/0 "GET /a?b=1 HTTP/1.1"'

function expectSame(lines: readonly (Uint8Array | string)[], counting: Counting): number {
  const text = textOf(lines)
  const fast = countFast([text], counting)
  expect(fast.result).toEqual(countPlain([text], counting).result)
  return fast.handed / lines.length
}

describe('every line that was sent', () => {
  const often = sent.flatMap((line) => new Array<Uint8Array>(OFTEN).fill(line))
  test.each([[[]], [ALL_KEYS], [['minute', 'client/24']]])('of formats that have a name, by %j', (names) => {
    expect(expectSame(often, { formats: AUTO, names })).toBeLessThan(0.5)
  })

  test('of its own format', () => {
    const formats = [...new Set(SENT_LINES.filter(hasFormat).map(({ format }) => format))]
    const taken = formats.filter((format) => {
      const counting = { formats: [parseLogFormat(format)], names: ALL_KEYS }
      if (!isTaken(counting)) return false
      const lines = SENT_LINES.filter((line) => line.format === format).map(({ bytes }) => bytes)
      expectSame(
        lines.flatMap((line) => new Array<Uint8Array>(OFTEN).fill(line)),
        counting,
      )
      return true
    })
    const left = formats.filter((format) => !taken.includes(format))
    // What is left to the matcher: JSON and CBOR, formats without %B, and `%ts--`, of which nothing shows the end.
    const isText = (format: string): boolean => !/json|cbor/.test(format) && /%(?:\{[^}]*\})?B\b/.test(format)
    expect(left.filter(isText)).toEqual([KNOWN_FORMATS['tcp-clf']])
  })

  test('lines of the usual form are taken: all but those that the kernel learns from', () => {
    const untagged = usual.replace('<134>Nov 21 11:35:12 lb1 haproxy[2711]: ', 'Nov 21 11:35:12 ')
    for (const line of [usual, untagged, untagged.replace('192.0.2.77:', '')])
      expect(expectSame(new Array(200).fill(line), { formats: AUTO, names: ALL_KEYS })).toBeLessThan(0.06)
  })
})

test('lines cut at every byte', () => {
  const chosen = [0, 30, 60, 90, 120].map((number) => httpLines[number % httpLines.length]?.bytes as Buffer)
  const cut = chosen.flatMap((line) => Array.from(line, (_, end) => line.subarray(0, end)))
  const learned = chosen.flatMap((line) => new Array<Uint8Array>(OFTEN).fill(line))
  for (const formats of [HTTP, AUTO]) expectSame([...learned, ...cut], { formats, names: ALL_KEYS })
})

test('chunks that end at every byte', () => {
  const text = textOf([usual, 'odd', ...httpLines.slice(0, 6).map(({ bytes }) => bytes)])
  const chunks = function* (): Generator<Uint8Array> {
    for (let at = 0; at < text.length; at++) {
      yield text.subarray(0, at)
      yield text.subarray(at)
    }
  }
  const fast = countFast(chunks(), { formats: AUTO, names: ['backend'] })
  const { lines, groups } = countPlain([text], { formats: AUTO, names: ['backend'] }).result
  expect(fast.result.lines).toEqual(
    Object.fromEntries(Object.entries(lines).map(([kind, count]) => [kind, count * text.length])),
  )
  const sums = ({ key, requests, bytesOut }: Group, times: number) => [
    key,
    requests * times,
    bytesOut * BigInt(times),
  ]
  expect([...fast.result.groups].map((group) => sums(group, 1))).toEqual(
    [...groups].map((group) => sums(group, text.length)),
  )
})

const number = (bytes: string): string => usual.replace(' 2835 ', ` ${bytes} `)
const timed = (timers: string): string => usual.replace('0/0/3/14/22', timers)

test.each([
  ['CRLF', [`${usual}\r`, `${usual} \r`, `${usual}  `, `${usual}\t`]],
  ['NUL', ['\0', usual.replace('GET', 'G\0T'), usual.replace('be_app', 'be\0app'), `${usual}\0`]],
  ['no line at all', ['', ' ', '\r', '"', '<134>', '<134>Nov 21 11:35:12 lb1 haproxy[2711]: ']],
  [
    'numbers',
    ['0', '00012', '99999999', '100000000', '999999999999', '1000000000000', '9007199254740991']
      .concat(['9007199254740993', '99999999999999999999', '+12', '-1', '-', '+', '1-2', '12+'])
      .map(number),
  ],
  ['timers', ['-1/-1/-1/-1/-1', '0/0/0/0/+41', '0/0/0/0/', '//0/0/0', '0/0/0/0/-', '1/2/3/4'].map(timed)],
  ['logged early', [number('+15272'), number('+15272').replace('14/22', '14/+22'), timed('0/0/0/41/+41')]],
  [
    'captures',
    ['{a|b c}', '{} {}', '{a} {b} ', '{a{b}', '{a"b}', '{ ---- 1/1/0/0/0 0/0 }', '{x} ---- 1/1/0/0/0 0/0 {y}']
      .concat(['{a}{b}', '{a', 'a}', '{ - ---- 1/1/0/0/0 0/0 "GET" }'])
      .map((captures) => usual.replace('"GET', `${captures} "GET`)),
  ],
  [
    'cookies',
    ['SESS=1', 'a b', 'a - ---- 1/1/0/0/0 0/0', '"x"', '- - ----', ''].map((cookie) =>
      usual.replace(' - - ', ` ${cookie} - `),
    ),
  ],
  [
    'addresses',
    [
      '4711',
      '2001:db8::1:443',
      '::ffff:192.0.2.1:80',
      'unix:2',
      '192.0.2.1:',
      '192.0.2.1',
      ':80',
      '1.2.3.4:99999',
      'a:b',
    ]
      .concat(['1.2.3.4:123456', '1.2.3.4:1f', '1.2.3.4: 80', `${'1:'.repeat(40)}1`, '80'])
      .map((address) => usual.replace('192.0.2.77:51234', address)),
  ],
  [
    'names',
    ['~', 'a~~', '-', 'fe:x', 'x'.repeat(31), 'x'.repeat(32), 'x'.repeat(33), 'x'.repeat(1500), 'ü'].map(
      (name) => usual.replace('www~', name),
    ),
  ],
  [
    'states',
    ['--', '-----', '----x', 'CD--', 'cD', 'SL--', 'D', '', 'LR--', '---'].map((state) =>
      usual.replace('----', state),
    ),
  ],
  [
    'dates',
    [
      '21/Nov/2026:11:35:12',
      '21/Nov/2026:11:35:12.3456',
      '21/nov/2026:11:35:12.345',
      '99/Xxx/2026:11:35:12.345',
    ]
      .concat(['21/Nov/2026:11:35:60.345', '21/Nov/2026:25:35:12.345', 'x'])
      .map((date) => usual.replace('21/Nov/2026:11:35:12.345', date)),
  ],
  [
    'envelopes',
    ['<13>', '<1345>', '<134>1 ', '<134>2 ', '12 <134>', '', ' ', 'Nov  1 11:35:12 lb1 haproxy[2711]: ']
      .concat(['<134>Nov #1 11:35:12 lb1 haproxy[2711]: ', '2026-11-21T11:35:12+01:00 lb1 haproxy[1]: '])
      .concat(['Nov 21 11:35:12 www: ', 'Nov 21 11:35:12 a[1] ', '<134>1 x ', '<134>'])
      .concat([
        '12 <134>1 2026-11-21T11:35:12Z - haproxy 7 - - ',
        '<134>1 2026-11-21T11:35:12Z - haproxy 7 - - ',
      ])
      .concat(['Nov 21 11:35:12 ', '<134>Nov 21 11:35:12 lb2 haproxy[99999]:  ', 'haproxy[1]: '])
      .map((envelope) => usual.replace('<134>Nov 21 11:35:12 lb1 haproxy[2711]: ', envelope)),
  ],
])('odd lines: %s', (_, odd) => {
  const again = odd.flatMap((line) => new Array<string>(OFTEN).fill(line))
  const lines = [...new Array<string>(OFTEN).fill(usual), ...odd, ...again]
  for (const formats of [HTTP, AUTO])
    for (const names of [ALL_KEYS, ['hour']]) expectSame(lines, { formats, names })
  // The same behind a stamp alone, as some templates of rsyslog write it.
  const untagged = lines.map((line) =>
    line.replace('<134>Nov 21 11:35:12 lb1 haproxy[2711]: ', 'Nov 21 11:35:12 '),
  )
  expectSame(untagged, { formats: AUTO, names: ALL_KEYS })
})

test('fields whose end only the next one shows are made of what they can be', () => {
  const base = SENT_LINES.find(({ format }) => format === KNOWN_FORMATS.https)?.bytes.toString('latin1') ?? ''
  const https = [parseLogFormat(KNOWN_FORMATS.https)]
  const odd = [
    '0/000 0000000000000/0/0/0',
    '0/000\r000000000000/0/0/0',
    '0/0\t0/0/0/0',
    '0//0/0/0',
    '0/"/0/0/0',
  ]
    .concat(['0/\xff/0/0/0', '0/1/1/0/0/0', '0/-/0/0/0'])
    .map((errors) => base.replace(/0\/0+\/0\/0\/0/, errors))
  expect(odd).not.toContain(base)
  expectSame([...new Array<string>(OFTEN).fill(base), ...odd], { formats: https, names: ALL_KEYS })
  expectSame([...new Array<string>(OFTEN).fill(base), ...odd], { formats: AUTO, names: ALL_KEYS })

  const escaped = [parseLogFormat('%ft "%B" %{+Q,+E}[capture.req.hdr(0)] %ST %tsc')]
  const texts = [
    'a',
    '',
    'a b',
    String.raw`a\"b`,
    String.raw`a\\`,
    'a\\',
    'a"b',
    '200 ----',
    'a" 200 ----',
  ].map((text) => `Nov 21 11:35:12 lb1 haproxy[1]: www "12" "${text}" 200 ----`)
  const learned = new Array<string>(OFTEN).fill(texts[0] as string)
  expectSame([...learned, ...texts], { formats: escaped, names: ALL_KEYS })
  // Of numbers before a number's byte, too: `-` alone, and a sign before digits only.
  const joined = [parseLogFormat('%ft %B,%bq;-1=%rt-%ST %tsc')]
  const numbers = ['5', '-', '+5', '5-5', '--', '', '5-200'].map(
    (number) => `Nov 21 11:35:12 lb1 haproxy[1]: www 12,3;-1=${number}-200 ----`,
  )
  expectSame([...new Array<string>(OFTEN).fill(numbers[0] as string), ...numbers], {
    formats: joined,
    names: ALL_KEYS,
  })
})

test('huge lines', () => {
  const long = (length: number): string => usual.replace('/a?', `/${'a'.repeat(length)}?`)
  const lines = [
    usual,
    long(1e4),
    usual,
    long(2 ** 20),
    long(3e6),
    usual,
    'x'.repeat(5e6),
    long(2 ** 20 - 200),
  ]
  const text = textOf([...new Array<string>(OFTEN).fill(usual), ...lines])
  const counting = { formats: HTTP, names: ['backend'] }
  const plain = countPlain([text], counting).result
  for (const size of [1e5, 2 ** 20, 1e7]) {
    const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, number) =>
      text.subarray(number * size, (number + 1) * size),
    )
    expect(countFast(chunks, counting).result).toEqual(plain)
  }
})

test('a hash table that grows', () => {
  const next = random(3)
  const line = (client: number): string =>
    usual.replace('192.0.2.77', `10.${client >> 16}.${(client >> 8) & 255}.${client & 255}`)
  const numbers = Array.from({ length: 25_000 }, () => Math.floor(next() * 12_000))
  const { groups } = countFast([textOf(numbers.map(line))], { formats: HTTP, names: ['client'] }).result
  const wanted = new Map<number, number>()
  for (const one of numbers) wanted.set(one, (wanted.get(one) ?? 0) + 1)
  expect(groups.size).toBe(wanted.size)
  for (const { key, requests } of groups) {
    const [, b, c, d] = String(key[0]).split('.').map(Number) as [number, number, number, number]
    expect(requests).toBe(wanted.get(b * 65_536 + c * 256 + d))
  }
})
