import { describe, expect, it } from 'vitest'
import { RrdError } from '../../src/format/index.ts'
import { readXml, XmlReader } from '../../src/xml/index.ts'
import { mutate, Random } from '../format/mutate.ts'
import { SAMPLE } from './sample.ts'

const refusal = (chunks: Iterable<string | Uint8Array>): RrdError => {
  try {
    readXml(chunks)
  } catch (error) {
    if (error instanceof RrdError) return error
    throw error
  }
  return expect.fail('the document was accepted')
}

const laughs = `<!DOCTYPE rrd [<!ENTITY a "ha">${'bcdefghij'
  .split('')
  .map((name, i) => `<!ENTITY ${name} "${`&${'abcdefghij'[i]};`.repeat(10)}">`)
  .join('')}]>`

describe('refusals say line, column and why', () => {
  it.each<[string, string, RegExp]>([
    ['an empty document', '', /line 1, column 0: .*(root|ends before)/],
    [
      'a document cut in the middle',
      SAMPLE.slice(0, 1500),
      /line \d+, column \d+: (unclosed|unexpected end)/,
    ],
    ['an entity bomb', SAMPLE.replace(/<!DOCTYPE.*>/, laughs).replace('12345', '&j;'), /internal subset/],
    [
      'one entity',
      SAMPLE.replace(/<!DOCTYPE.*>/, '<!DOCTYPE rrd SYSTEM "x" [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
      /line 2, .*internal subset/,
    ],
    ['an undeclared entity', SAMPLE.replace('12345', '&x;'), /line 17, .*undefined entity/],
    ['another document', '<html><body/></html>', /line 1, column 6: <html> where <rrd> is expected/],
    ['two documents', SAMPLE + SAMPLE, /line \d+/],
    [
      'an unknown element',
      SAMPLE.replace('<step>', '<steep/><step>'),
      /line 6, column 9: unexpected element <steep>/,
    ],
    [
      'text between elements',
      SAMPLE.replace('<step>', 'oops <step>'),
      /line 6, .*text where an element is expected: "oops"/,
    ],
    ['text after the end', `${SAMPLE}oops`, /line \d+/],
    ['no version', SAMPLE.replace(/<version>.*/, ''), /<rrd> without <version>/],
    ['a version that is none', SAMPLE.replace('0003', 'three'), /"three" is no RRD version/],
    ['no step', SAMPLE.replace(/<step>.*/, ''), /<rrd> without <step>/],
    ['a step of 0', SAMPLE.replace('<step>300', '<step>0'), /"0" is no whole number from 1/],
    ['no last update', SAMPLE.replace(/<lastupdate>.*/, ''), /<rrd> without <lastupdate>/],
    ['a negative last update', SAMPLE.replace('1700000430', '-1'), /"-1" is no whole number from 0/],
    ['a huge last update', SAMPLE.replace('1700000430', '9'.repeat(16)), /is no whole number/],
    ['no data source', SAMPLE.replace(/<ds>\n\t\t<name>[\s\S]*?<\/ds>/g, ''), /<rra> before any <ds>/],
    ['a data source too late', SAMPLE.replace('</rra>', '</rra><ds></ds>'), /<ds> after <rra>/],
    ['no name', SAMPLE.replace('<name> in </name>', ''), /<ds> without <name>/],
    ['a long name', SAMPLE.replace('> in <', `>${'n'.repeat(20)}<`), /longer than 19 bytes/],
    ['no type', SAMPLE.replace('<type> COUNTER </type>', ''), /<ds> without <type>/],
    ['no heartbeat', SAMPLE.replace(/<minimal_heartbeat>.*/, ''), /without <minimal_heartbeat>/],
    ['a negative heartbeat', SAMPLE.replace('>600<', '>-600<'), /"-600" is no count/],
    ['a count beyond 64 bits', SAMPLE.replace('>600<', '>18446744073709551616<'), /is no count/],
    ['no expression', SAMPLE.replace(/<cdef>.*/, ''), /COMPUTE <ds> without <cdef>/],
    [
      'an expression that is none',
      SAMPLE.replace('in,8,*', 'in,8,nosuch'),
      /line 25, .*"nosuch" is no operator/,
    ],
    [
      'an expression that rrdtool left holes in',
      SAMPLE.replace('in,8,*', 'in,,*'),
      /line 25, .*"" is no operator/,
    ],
    ['no archive', SAMPLE.replace(/<rra>[\s\S]*<\/rra>/, ''), /<rrd> without <rra>/],
    ['no consolidation function', SAMPLE.replace('<cf>AVERAGE</cf>', ''), /<rra> without <cf>/],
    ['no points a row', SAMPLE.replace(/<pdp_per_row>.*/, ''), /<rra> without <pdp_per_row>/],
    ['no rows', SAMPLE.replace(/<database>[\s\S]*<\/database>/, ''), /<rra> without rows/],
    [
      'a value too few',
      SAMPLE.replace('<v>8.0000000000e+00</v>', ''),
      /line 56, .*a <row> of 1 values for 2 data sources/,
    ],
    ['a value too many', SAMPLE.replace('<v>NaN</v>', '<v>NaN</v><v>1</v>'), /a <row> of 3 values/],
    [
      'a value that is none',
      SAMPLE.replace('<v>8.0000000000e+00</v>', '<v>eight</v>'),
      /line 56, .*"eight" is no number/,
    ],
    ['a value that is empty', SAMPLE.replace('<v>8.0000000000e+00</v>', '<v/>'), /"" is no number/],
    [
      'an element in a value',
      SAMPLE.replace('<v>8.0000000000e+00</v>', '<v><v>8</v></v>'),
      /unexpected element <v>/,
    ],
    ['a prep too few', SAMPLE.replace(/<ds>\s*<primary_value>NaN[\s\S]*?<\/ds>/, ''), /<cdp_prep> of 1 <ds>/],
    ['eleven parameters', SAMPLE.replace(/<xff>.*/, '<value>0</value>'.repeat(11)), /more than 10 values/],
    [
      'a history of other digits',
      SAMPLE.replace(/<primary_value>.*/, '<history>012</history>'),
      /not made of 0 and 1/,
    ],
    [
      'a history too long',
      SAMPLE.replace(/<primary_value>.*/, `<history>${'0'.repeat(29)}</history>`),
      /longer than 28/,
    ],
  ])('%s', (_, text, message) => {
    const error = refusal([text])
    expect(error.code).toBe('EXML')
    expect(error.message).toMatch(message)
    expect(error.message).toMatch(/^bad XML at line \d+, column \d+: [^\n]+$/)
  })

  it('a version that is too new', () => {
    expect(refusal([SAMPLE.replace('0003', '0006')])).toMatchObject({ code: 'EVERSION' })
  })

  it.each<[string, Uint8Array, RegExp]>([
    [
      'bytes that are not UTF-8',
      Buffer.from(SAMPLE.replace('12345', '\xff'), 'latin1'),
      /bytes that are not utf-8/,
    ],
    [
      'an encoding that is not known',
      Buffer.from(SAMPLE.replace('utf-8', 'x-nosuch')),
      /unknown encoding "x-nosuch"/,
    ],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0x3e]), /gzip/],
  ])('%s', (_, bytes, message) => {
    expect(refusal([bytes])).toMatchObject({ code: 'EXML', message: expect.stringMatching(message) })
  })
})

describe('bounded memory', () => {
  /** Feeds `unit` for ever; counts the characters that went in before the reader refused. */
  const untilRefused = (start: string, unit: string): number => {
    const reader = new XmlReader()
    reader.push(start)
    let fed = 0
    try {
      for (; fed < 64 << 20; fed += unit.length) reader.push(unit)
    } catch (error) {
      expect(error).toMatchObject({ code: 'EXML' })
    }
    return fed
  }

  it.each([
    ['a comment', '<!--', ' '.repeat(4096)],
    ['a text', '<rrd><version>', '0'.repeat(4096)],
    ['blanks between elements', '<rrd>', ' '.repeat(4096)],
    ['pieces of CDATA', '<rrd><version>', `<![CDATA[${'0'.repeat(4000)}]]>`],
    ['a name of an element', '<', 'a'.repeat(4096)],
    ['attributes', '<rrd ', `a="${'x'.repeat(4000)}" `.replace('a=', `${'a'.repeat(50)}=`)],
    ['a DOCTYPE', '<!DOCTYPE rrd "', 'x'.repeat(4096)],
    ['a processing instruction', '<?pi ', 'x'.repeat(4096)],
    ['a declaration without an end', '', '<?xml version="1.0"'.padEnd(4096)],
  ])('%s without an end is refused', (_, start, unit) => {
    expect(untilRefused(start, unit)).toBeLessThan(4 << 20)
  })
})

it('5000 mutated documents: read, or refused with a typed error', () => {
  const corpus = [Buffer.from(SAMPLE), Buffer.from(SAMPLE.replace('0003', '0005').replaceAll('NaN', '1e400'))]
  const random = new Random(5)
  let refused = 0
  for (let i = 0; i < 5000; i++) {
    const bytes = mutate(corpus, random)
    try {
      readXml([bytes])
    } catch (error) {
      if (!(error instanceof RrdError))
        throw new Error(Buffer.from(bytes).toString('latin1'), { cause: error })
      refused++
    }
  }
  expect(refused).toBeGreaterThan(1000)
})
