import { describe, expect, test } from 'vitest'
import { adviseHaproxy, applyAdvice } from '../../src/advise/index.ts'
import { logFormats, parseConfig } from '../../src/config/index.ts'
import { fieldName, type LogFormat, parseLogFormat } from '../../src/log-format/index.ts'
import { CONFIGS } from '../advise/configs.ts'
import { countFast, countPlain, isTaken, random, textOf } from './counted.ts'

const PLAIN = CONFIGS.plain as string
const advised = logFormats(parseConfig(applyAdvice(PLAIN, adviseHaproxy(PLAIN))))
const ADVISED = parseLogFormat(advised.find(({ format }) => format)?.format ?? '')

const VALUES: Readonly<Record<string, string>> = {
  ci: '192.0.2.77',
  tr: '21/Nov/2026:11:35:12.345',
  t: '21/Nov/2026:11:35:12.345',
  b: 'be_app',
  s: 'srv1',
  tsc: '----',
  ts: '--',
  ST: '200',
  r: 'GET /a?b=1 HTTP/1.1',
  HV: 'HTTP/1.1',
  CC: '-',
  CS: '-',
  hr: '',
  hs: '',
}

function lineOf({ items }: LogFormat, values: Readonly<Record<string, string>>): string {
  const text = (name: string): string => values[name] ?? VALUES[name] ?? '12'
  return items
    .map((item) => {
      if (item.kind === 'separator') return ' '
      if (item.kind === 'literal') return item.text
      return item.quoted ? `"${text(fieldName(item))}"` : text(fieldName(item))
    })
    .join('')
    .replace(/ {2,}/g, ' ')
}

interface Written {
  readonly lc: number | string
  readonly ft?: string
  readonly tag?: string
}

const write = ({ lc, ft = 'www', tag = 'lb1 haproxy[2711]:' }: Written, format = ADVISED): string =>
  `<134>Nov 21 11:35:12 ${tag} ${lineOf(format, { lc: String(lc), ft, f: ft })}`

/** Gives which part of the lines was handed over. */
function expectSame(lines: readonly string[], formats = [ADVISED], names: readonly string[] = []): number {
  const chunks = [textOf(lines.slice(0, lines.length / 3)), textOf(lines.slice(lines.length / 3))]
  const [fast, plain] = [countFast(chunks, { formats, names }), countPlain(chunks, { formats, names })]
  expect(fast.result).toEqual(plain.result)
  expect(fast.result.counters).not.toEqual([])
  return fast.handed / lines.length
}

const counting = (count: number, first = 0): Written[] =>
  Array.from({ length: count }, (_, number) => ({ lc: first + number }))

/** Each of some lines at a place of its own that is up to so many lines off. */
function shuffled<T>(all: readonly T[], by: number, next: () => number): T[] {
  const places = all.map((one, number) => [number + next() * by, one] as const)
  return places.sort(([a], [b]) => a - b).map(([, one]) => one)
}

test('the format that is advised has what its lines are counted by, and the kernel takes them', () => {
  expect(ADVISED.text).toContain('%lc')
  expect(ADVISED.text).toContain('var(txn.hb_')
  expect(expectSame(counting(1000).map((one) => write(one)))).toBeLessThan(0.02)
})

describe('numbers of %lc', () => {
  const next = random(5)
  const some = counting(2000, 60)
  test.each<[string, readonly Written[]]>([
    ['begin anywhere', counting(500, 4_294_966_000)],
    ['are missing here and there', some.filter(() => next() > 0.05)],
    ['are mostly missing', some.filter(() => next() > 0.9)],
    ['of blocks are missing', some.filter(({ lc }) => (Number(lc) >> 6) % 3 !== 0)],
    ['of threads overtake each other', shuffled(some, 8, next)],
    ['come from relays in any order', shuffled(some, 2000, next)],
    ['come twice', [...some, ...some]],
    [
      'are begun again by a new process while the old one ends',
      shuffled(
        [...some.slice(0, 1000), ...counting(900, 1).map((one) => ({ ...one, tag: 'lb1 haproxy[2712]:' }))],
        1200,
        next,
      ),
    ],
    ['are begun again by one that has the same pid', [...some, ...counting(700), ...counting(300, 1)]],
    [
      'of several frontends, processes and hosts',
      ['www', 'www~', 'api', 'x'.repeat(40)].flatMap((ft, a) =>
        ['lb1 haproxy[27]:', 'lb1 haproxy[28]:', 'lb2 haproxy[27]:', 'haproxy:', 'lb1 haproxy[2711]'].flatMap(
          (tag, b) => counting(90, a * 7 + b * 50).map((one) => ({ ...one, ft, tag })),
        ),
      ),
    ],
  ])('%s', (_, written) => {
    const lines = written.map((one) => write(one))
    expect(expectSame(lines)).toBeLessThan(0.06)
    expectSame(shuffled(lines, 30, next), [ADVISED], ['frontend', 'client'])
  })

  test.each<[string, readonly Written[]]>([
    [
      'are odd',
      [
        '-',
        '',
        '-1',
        '+5',
        '007',
        '4294967295',
        '4294967296',
        '9007199254740993',
        '999999999999999',
        'x',
      ].map((lc) => ({ lc })),
    ],
    ['have no frontend', ['-', '', '~', '-~'].map((ft) => ({ ft, lc: 5000 }))],
    [
      'come after odd tags',
      ['', 'haproxy[]:', 'haproxy[x]:', 'haproxy[12345678901234567]:', '- haproxy[3]:', 'a b haproxy[4]: ']
        .concat(['www:', 'lb1', 'lb1 lb2 lb3', 'a"b haproxy[5]:'])
        .map((tag) => ({ tag, lc: 5001 })),
    ],
  ])('%s', (_, odd) => {
    const often = odd.flatMap((one) => new Array<Written>(12).fill(one))
    const lines = [...counting(20), ...odd, ...often].map((one) => write(one))
    expectSame(lines)
    const wrapped = ['', '<134>', '<134>1 2026-11-21T11:35:12Z lb1 haproxy 271 - - ', 'Nov 21 11:35:12 ']
      .concat(['<134>1 2026-11-21T11:35:12Z - haproxy - - [a b="1"] ', '<134>1 - h2 haproxy 1e2 - - '])
      .concat('<134>1 2026-11-21T11:35:12Z h haproxy 9e99 - - ')
    for (const envelope of wrapped)
      expectSame(
        lines.map((line) => line.replace(/^<134>Nov 21 11:35:12 (?:lb1 haproxy\[2711\]: )?/, envelope)),
      )
  })
})

test.each(['%f %B %lc', '%ft lc=%lc %B %ci:%cp', '%ft %B %{+Q}r %lc', '%lc %B', '%lc %lc %f %B'])(
  'of the format %s',
  (text) => {
    const format = parseLogFormat(`at [%tr] ${text}`)
    const chunks = [textOf(counting(300, 10).map((one) => write(one, format)))]
    const fast = countFast(chunks, { formats: [format] })
    expect(fast.result).toEqual(countPlain(chunks, { formats: [format] }).result)
    expect(fast.handed).toBeLessThan(20)
  },
)

test('in hexadecimal they are left to the matcher', () => {
  expect(isTaken({ formats: [parseLogFormat('%{+X}lc %ft %B')] })).toBe(false)
})

test('of many frontends, which make the table grow', () => {
  const next = random(9)
  const lines = Array.from({ length: 12_000 }, (_, number) =>
    write({ lc: number >> 3, ft: `www${Math.floor(next() * 3000)}` }),
  )
  expectSame(lines, [ADVISED], ['frontend'])
})
