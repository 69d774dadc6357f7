import { describe, expect, test } from 'vitest'
import { fieldName, KNOWN_FORMATS, type LogFormat, parseLogFormat } from '../../src/log-format/index.ts'
import { SENT_LINES } from '../fixtures/lines.ts'
import { ALL_KEYS, AUTO, type Counting, countFast, countPlain, random, textOf } from './counted.ts'

const OFTEN = 12

function expectSame(lines: readonly (Uint8Array | string)[], counting: Counting): number {
  const text = textOf(lines)
  const fast = countFast([text], counting)
  expect(fast.result).toEqual(countPlain([text], counting).result)
  return fast.handed / lines.length
}

/** Bytes that mean something to some step. */
const TELLING = Buffer.from('  """{}|[]/:+--<>~.,#\r\0\t0123456789azAZT\xff', 'latin1')

function mutated(line: Buffer, other: Buffer, next: () => number): Buffer {
  const below = (limit: number): number => Math.floor(next() * limit)
  const at = below(line.length)
  const byte = Buffer.of(TELLING[below(TELLING.length)] as number)
  switch (below(6)) {
    case 0:
      return Buffer.concat([line.subarray(0, at), byte, line.subarray(at + 1)])
    case 1:
      return Buffer.concat([line.subarray(0, at), byte, line.subarray(at)])
    case 2:
      return Buffer.concat([line.subarray(0, at), line.subarray(at + 1 + below(3))])
    case 3:
      return Buffer.concat([line.subarray(0, at), other.subarray(below(other.length))])
    case 4: {
      const to = at + below(line.length - at)
      return Buffer.concat([line.subarray(0, to), line.subarray(at)])
    }
    default:
      return Buffer.concat([line, byte, byte])
  }
}

describe('mutated lines', () => {
  const base = SENT_LINES.filter(({ format }) => Object.values<string>(KNOWN_FORMATS).includes(format)).map(
    ({ bytes }) => bytes,
  )
  test.each([1, 2, 3])('seed %i', (seed) => {
    const next = random(seed)
    const pick = (): Buffer => base[Math.floor(next() * base.length)] as Buffer
    const learned = base.flatMap((line) => new Array<Buffer>(2).fill(line))
    let lines = Array.from({ length: 1200 }, () => mutated(pick(), pick(), next))
    lines = lines.map((line) => (next() < 0.2 ? mutated(line, pick(), next) : line))
    expectSame([...learned, ...lines], { formats: AUTO, names: ALL_KEYS })
  })
})

const CUSTOM = [
  'fe=%ft be=%b srv=%s cli=%ci:%cp at=[%tr] host="%[capture.req.hdr(0)]" req=%{+Q}r st=%ST out=%B in=%U ta=%Ta state=%tsc',
  '%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r %[var(txn.hb_rh0)] %[res.hdrs,length]',
  '%[capture.req.hdr(0)] %[capture.req.hdr(1)] %B %ST %tsc %ft %b %s',
  '%B %[req.hdr(user-agent)]',
  '%{+Q}o %ci %ft %b %s %{-Q}ST %B %CC %tsc %r',
  '{"fe":"%ft","ua":"%[capture.req.hdr(0)]","st":%ST,"out":%B,"state":"%tsc"}',
  '%ID %ci %B %ts %hrl end',
  '%t %ft%%%b%%%s %B/%tsc %[a]x%[b]x',
  '%ci - %B %sslv %ft %H %[src,hex]',
  '%HM %HP %HV %B %ST',
  KNOWN_FORMATS.https,
  KNOWN_FORMATS.clf,
]
const TEXTS = [
  '-',
  '',
  'a',
  'a b',
  '"',
  ' ',
  '1 2',
  'x',
  'xx',
  'aäx',
  '","st":200,"out":5,"state":"----"}',
  '{',
  '}',
  '%',
]
const NUMBERS = ['0', '1', '200', '-1', '+5', '123456789', '12345678901234', '-']

/** A line of a format, with values that a client might choose. */
function lineOf({ items }: LogFormat, next: () => number): string {
  const below = (limit: number): number => Math.floor(next() * limit)
  const of = (choices: readonly string[]): string => choices[below(choices.length)] as string
  const value = (name: string): string => {
    if (/^(B|U|ST|T[aRwcr]|ac|fc|bc|sc|rc|sq|bq|cp)$/.test(name)) return of(NUMBERS)
    if (/length$|^var/.test(name)) return of(NUMBERS)
    if (/^tr?$/.test(name)) return '21/Nov/2026:11:34:46.846'
    if (/^tsc?$/.test(name)) return of(['--', '----', 'CD--', 'SL', 'x'])
    if (/^(ft|b|s)$/.test(name)) return of(['www', 'www~', '<NOSRV>', 'be-1', '-', 'a'.repeat(40)])
    if (name === 'ci') return of(['192.0.2.1', '::1', 'unix', '-'])
    if (/^h[rs]$/.test(name)) return of(['', '', '{a|b c}', '{}'])
    return of(TEXTS) + (next() < 0.3 ? of([' ', 'x', '"', ' 5 200 ---- a b c']) : '')
  }
  return items
    .map((item) => {
      if (item.kind === 'separator') return ' '
      if (item.kind === 'literal') return item.text
      const text = value(fieldName(item))
      return item.quoted && !/^\d/.test(text) ? `"${text}"` : text
    })
    .join('')
}

describe("formats of one's own, with fields that a client writes", () => {
  test.each(CUSTOM)('%s', (text) => {
    const next = random(7)
    const format = parseLogFormat(text)
    const lines = Array.from({ length: 700 }, () => lineOf(format, next))
    expectSame([...new Array<string>(OFTEN).fill(lines[0] as string), ...lines], {
      formats: [format],
      names: ALL_KEYS,
    })
  })

  test('several in one file', () => {
    const next = random(11)
    const formats = [...CUSTOM.slice(0, 3), KNOWN_FORMATS.http, KNOWN_FORMATS.tcp].map(parseLogFormat)
    const lines = Array.from({ length: 2500 }, (_, number) => lineOf(formats[number % 5] as LogFormat, next))
    expectSame(lines, { formats, names: ALL_KEYS })
  })
})

describe('time', () => {
  const line = (date: Date, took: number, stamp = '+01:00'): string => {
    const iso = date.toISOString()
    const month = ['Oct', 'Nov', 'Mar'][[9, 10, 2].indexOf(date.getUTCMonth())]
    const written = `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 23)}`
    return `${iso.slice(0, 19)}${stamp} lb1 haproxy[7]: 192.0.2.7:5123 [${written}] www be/s 0/0/0/0/${took} 200 ${1000 + took} - - ---- 1/1/0/0/0 0/0 "GET / HTTP/1.1"`
  }
  const around = (instant: number, seed: number): string[] => {
    const next = random(seed)
    return Array.from({ length: 900 }, (_, number) =>
      line(
        new Date(instant + (number - 450) * 20_000 + Math.floor(next() * 1000)),
        next() < 0.1 ? -1 : Math.floor(next() ** 4 * 200_000),
        next() < 0.5 ? '+01:00' : '+02:00',
      ),
    )
  }
  const HTTP = [parseLogFormat(KNOWN_FORMATS.http)]
  const clocksBack = Date.UTC(2026, 9, 25, 2, 30)
  const clocksForth = Date.UTC(2026, 2, 29, 2, 30)

  test.each([
    ['Europe/Berlin', clocksBack],
    ['Europe/Berlin', clocksForth],
    ['Australia/Lord_Howe', clocksBack],
    ['UTC', Date.UTC(2026, 10, 1)],
  ])('groups of time in %s', (zone, instant) => {
    for (const names of [['minute'], ['hour', 'day', 'month', 'year'], ['hour', 'status']])
      expectSame(around(instant, 1), { formats: HTTP, names, zone })
  })

  test('a day: of each minute the kernel learns from a line or two', () => {
    const lines = Array.from({ length: 14_400 }, (_, number) =>
      line(new Date(Date.UTC(2026, 10, 1) + number * 6000), 1),
    )
    const { handed } = countFast([textOf(lines)], { formats: HTTP, names: ['hour'] })
    expect(handed).toBeLessThan(1440 / 2)
  })

  test('spans', () => {
    const middle = Date.UTC(2026, 10, 1)
    const next = random(4)
    for (let round = 0; round < 12; round++) {
      const [one, other] = [0, 0].map(() => middle + Math.floor((next() - 0.5) * 1.6e7)) as [number, number]
      const span = {
        ...(round % 3 !== 1 && { since: Math.min(one, other) }),
        ...(round % 3 !== 2 && { until: Math.max(one, other) }),
      }
      expectSame(around(middle, round).slice(0, 400 + round * 40), { formats: HTTP, names: ['status'], span })
    }
  })
})
