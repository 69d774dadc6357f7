import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AnswerError } from '../../../src/rrdtool/parse/answer-error.ts'
import { FetchReader } from '../../../src/rrdtool/parse/fetch.ts'
import { EntryReader } from '../../../src/rrdtool/parse/info.ts'
import { LastUpdateReader } from '../../../src/rrdtool/parse/lastupdate.ts'
import type { Reader } from '../../../src/rrdtool/parse/reader.ts'
import { parseValue } from '../../../src/rrdtool/parse/value.ts'
import { XportReader } from '../../../src/rrdtool/parse/xport.ts'

/** Reads a text byte by byte: where it is cut must not matter. */
function read<T>(reader: Reader<T>, text: string): T {
  for (const byte of Buffer.from(text)) reader.push(Buffer.from([byte]))
  return reader.end()
}

test.each([
  ['1.0000000000e+00', 1],
  ['-2.5e-03', -0.0025],
  ['.5', 0.5],
  ['18446744073709551615', 2 ** 64],
  ['nan', Number.NaN],
  ['-nan', Number.NaN],
  ['NaN', Number.NaN],
  ['nan(0x8000000000000)', Number.NaN],
  ['U', Number.NaN],
  ['inf', Infinity],
  ['-inf', -Infinity],
  ['+Inf', Infinity],
  ['Infinity', Infinity],
  ['', undefined],
  ['0x10', undefined],
  ['1,5', undefined],
  ['UNKN', undefined],
])('the value %j', (text, value) => {
  expect(parseValue(text)).toBe(value)
})

describe('fetch', () => {
  const column = (name: string) => name.padStart(20)
  test('names are cut by column, so that blanks in them stay', () => {
    const text = `           ${column('a')}${column('b c')}${column('nineteen_characters')}\n\n1700000000: 1.0000000000e+00 -nan inf\n 999999999: nan -inf 2.0000000000e+00\n`
    expect(read(new FetchReader(), text)).toEqual({
      names: ['a', 'b c', 'nineteen_characters'],
      rows: [
        { time: 1_700_000_000, values: [1, Number.NaN, Infinity] },
        { time: 999_999_999, values: [Number.NaN, -Infinity, 2] },
      ],
    })
  })
  test('a name beyond ASCII fills its column by bytes', () => {
    const text = `           ${' '.repeat(18)}ä\n\n1: 1\n`
    expect(read(new FetchReader(), text).names).toEqual(['ä'])
  })
  test.each([
    ['nothing', ''],
    ['no rows', `           ${column('a')}\n\n`],
    ['too few values', `           ${column('a')}${column('b')}\n\n1: 1\n`],
    ['a decimal comma', `           ${column('a')}\n\n1: 1,0\n`],
    ['no empty line', `           ${column('a')}\n1: 1\n`],
    ['other text', 'hi\n'],
  ])('%s is refused', (_, text) => {
    expect(() => read(new FetchReader(), text)).toThrow(AnswerError)
  })
})

describe('xport', () => {
  const meta = (start: number, rows: string) => `<?xml version="1.0" encoding="ISO-8859-1"?>

<xport>
  <meta>
    <start>${start}</start>
    <end>180</end>
    <step>60</step>
    <rows>2</rows>
    <columns>1</columns>
    <legend>
      <entry>a < b & ä</entry>
    </legend>
  </meta>
  <data>
${rows}
  </data>
</xport>
`
  const expected = {
    start: 60,
    end: 180,
    step: 60,
    names: ['a < b & ä'],
    rows: [
      { time: 120, values: [1] },
      { time: 180, values: [Number.NaN] },
    ],
  }
  test.each([
    ['1.7.1 and later', meta(120, '<row><v>1.0e+00</v></row>\n<row><v>NaN</v></row>')],
    [
      '1.7.1 and later with --showtime',
      meta(120, '<row><t>120</t><v>1.0e+00</v></row>\n<row><t>180</t><v>NaN</v></row>'),
    ],
    [
      '1.5 to 1.7.0, a step early',
      meta(60, '<row><t>60</t><v>1.0e+00</v></row>\n<row><t>120</t><v>NaN</v></row>'),
    ],
    ['--enumds', meta(120, '<row><v0>1.0e+00</v0></row>\n<row><v0>NaN</v0></row>')],
  ])('as %s prints it', (_, text) => {
    expect(read(new XportReader(), text)).toEqual(expected)
  })
  test.each([
    ['nothing', ''],
    ['half of it', meta(60, '<row><v>1</v></row>').slice(0, -30)],
    ['a row too wide', meta(60, '<row><v>1</v><v>2</v></row>')],
    ['a value that is none', meta(60, '<row><v>x</v></row>')],
    ['other text', 'hi\n'],
    ['an entity', meta(60, '<row><v>&lol;</v></row>')],
  ])('%s is refused', (_, text) => {
    expect(() => read(new XportReader(), text)).toThrow(AnswerError)
  })
})

describe('lastupdate', () => {
  test('a reading that is no number is unknown, and kept in raw', () => {
    expect(read(new LastUpdateReader(), ' a b c\n\n1700000000: UNKN 12345678901234567890 -1.5\n')).toEqual({
      time: 1_700_000_000,
      values: { a: Number.NaN, b: Number('12345678901234567890'), c: -1.5 },
      raw: { a: 'UNKN', b: '12345678901234567890', c: '-1.5' },
    })
  })
})

describe('entries of info and graphv', () => {
  test('a text may hold anything, newlines too', () => {
    const text =
      'filename = "a = "b"\nc.rrd"\nstep = 60\nprint[0] = "x\ny = 1"\nmin = NaN\nmax = 1.5000000000e+00\n'
    expect([...read(new EntryReader(), text)]).toEqual([
      ['filename', 'a = "b"\nc.rrd'],
      ['step', 60],
      ['print[0]', 'x\ny = 1'],
      ['min', Number.NaN],
      ['max', 1.5],
    ])
  })
})

test('no text makes a reader fail otherwise than by AnswerError', () => {
  const readers = [
    () => new FetchReader(),
    () => new XportReader(),
    () => new LastUpdateReader(),
    () => new EntryReader(),
  ]
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '\n',
      '<row>',
      '<v>',
      '</v>',
      '<legend>\n',
      '</legend>\n',
      '<entry>',
      '1: 1',
      ' a\n\n',
      ' = "',
      '"\n',
      'nan',
      '<xport>',
      '&',
    ),
  )
  fc.assert(
    fc.property(fc.constantFrom(...readers), fc.array(piece, { maxLength: 20 }), (make, pieces) => {
      try {
        read<unknown>(make(), pieces.join(''))
      } catch (error) {
        expect(error).toBeInstanceOf(AnswerError)
      }
    }),
    { numRuns: 500 },
  )
})
