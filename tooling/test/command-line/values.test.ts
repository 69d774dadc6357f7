import { InvalidArgumentError } from '@commander-js/extra-typings'
import { describe, expect, it } from 'vitest'
import {
  byteSize,
  decimal,
  duration,
  file,
  integer,
  pair,
  parseTime,
  percentage,
  shard,
  time,
} from '../../src/command-line/index.ts'

type Parser = (text: string) => unknown

const taken: readonly (readonly [
  name: string,
  parse: Parser,
  cases: readonly (readonly [string, unknown])[],
])[] = [
  [
    'integer',
    integer({ min: 1, max: 64 }),
    [
      ['1', 1],
      ['64', 64],
      ['007', 7],
    ],
  ],
  [
    'decimal',
    decimal({ min: 0 }),
    [
      ['0.5', 0.5],
      ['.5', 0.5],
      ['1e3', 1000],
    ],
  ],
  [
    'percentage',
    percentage,
    [
      ['0.1%', 0.001],
      ['100 %', 1],
    ],
  ],
  [
    'size',
    byteSize(),
    [
      ['0', 0],
      ['4096', 4096],
      ['64K', 65536],
      ['64KiB', 65536],
      ['1.5G', 1610612736],
      ['2t', 2 ** 41],
      ['7b', 7],
    ],
  ],
  [
    'duration in ms',
    duration({ in: 'ms' }),
    [
      ['30', 30000],
      ['200ms', 200],
      ['1h30m', 5400000],
      ['1.5d', 129600000],
    ],
  ],
  [
    'duration in s',
    duration({ in: 's' }),
    [
      ['5m', 300],
      ['2w', 1209600],
      ['0.1s', 0.1],
    ],
  ],
  [
    'shard',
    shard,
    [
      ['0/1', { index: 0, count: 1 }],
      ['3/4', { index: 3, count: 4 }],
    ],
  ],
  [
    'pair',
    pair,
    [
      ['a=b', ['a', 'b']],
      ['a=', ['a', '']],
      ['a=b=c', ['a', 'b=c']],
    ],
  ],
  [
    'file',
    file,
    [
      ['a', 'a'],
      ['\udcff', Buffer.of(0xff)],
    ],
  ],
  [
    'time',
    time,
    [
      ['1700000000', 1700000000],
      ['@1700000000', 1700000000],
      ['@0', 0],
      ['@-5', -5],
      ['2024-05-01', 1714521600],
      ['2024-05-01T12:00:00Z', 1714564800],
      ['2024-05-01 12:00', 1714564800],
      ['2024-05-01T14:00:00+02:00', 1714564800],
      ['2024-05-01T06:30:00.25-0530', 1714564800.25],
      ['2024-02-29', 1709164800],
    ],
  ],
]

const refused: readonly (readonly [name: string, parse: Parser, cases: readonly string[]])[] = [
  [
    'integer',
    integer({ min: 1, max: 64 }),
    ['', '0', '65', '-1', '1.5', '0x10', ' 1', '1e1', '99999999999999999999'],
  ],
  ['decimal', decimal({ min: 0, max: 1 }), ['', '2', '-0.1', 'NaN', 'Infinity', '1,5']],
  ['percentage', percentage, ['0.1', '%', '-1%', '1%%']],
  ['size', byteSize({ min: 512, max: 4096 }), ['', '1', '8K', '-4K', '64KB', '1.0001K', 'K', '4096 bytes']],
  ['size', byteSize(), ['9E', '0.3']],
  [
    'duration',
    duration({ in: 's' }),
    ['', '5', '-5m', '5y', 'm', '5 m', '1h30'].filter((text) => text !== '5'),
  ],
  ['shard', shard, ['', '4/4', '1', '0/0', '-1/4', '1/4/2', '1.5/4']],
  ['pair', pair, ['', 'a', '=b']],
  ['file', file, ['']],
  [
    'time',
    time,
    [
      '',
      '20240501',
      '1',
      '2024-13-01',
      '2024-04-31',
      '2023-02-29',
      '2024-05-01T25:00',
      '2024-05-01T12:60',
      'today',
      'now-',
      'now-2y',
      '2024-05-01T12:00:00+2',
      '12:00',
    ],
  ],
]

describe('values', () => {
  describe.each(taken)('%s', (_name, parse, cases) => {
    it.each(cases)('takes %s', (text, value) => {
      expect(parse(text)).toEqual(value)
    })
  })

  describe.each(refused)('%s', (_name, parse, cases) => {
    it.each(cases)('refuses "%s"', (text) => {
      expect(() => parse(text)).toThrow(InvalidArgumentError)
    })
  })

  it('times count from now, and local ones in the zone that is asked for', () => {
    const rules = { now: () => 1_000_000_000, local: (seconds: number) => seconds - 7200 }
    expect(parseTime('now', rules)).toBe(1_000_000_000)
    expect(parseTime('now-2d', rules)).toBe(1_000_000_000 - 172_800)
    expect(parseTime('now+90s', rules)).toBe(1_000_000_090)
    expect(parseTime('2024-05-01 02:00', rules)).toBe(1714521600)
    expect(parseTime('2024-05-01 02:00Z', rules)).toBe(1714528800)
  })
})
