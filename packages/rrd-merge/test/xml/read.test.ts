import { describe, expect, it } from 'vitest'
import { CDP_SLOT, describeRrd } from '../../src/format/index.ts'
import { readXml } from '../../src/xml/index.ts'
import { expectValidRrd } from '../format/invariants.ts'
import { SAMPLE } from './sample.ts'

const EXPECTED = [1, 8, 2, 16, Number.NaN, Number.POSITIVE_INFINITY]
const cellsOf = (text: string | Uint8Array) => [...(readXml([text]).cells[0] as Float64Array)]

describe('a dump', () => {
  it('gives the file it was made of', () => {
    const rrd = readXml([SAMPLE], { architecture: 'le64' })
    expectValidRrd(rrd)
    expect(rrd.header).toEqual({
      architecture: 'le64',
      version: 3,
      step: 300,
      lastUpdate: 1700000430,
      lastUpdateUsec: 0,
      length: 128 + 240 + 120 + 16 + 224 + 160 + 8,
      dataSources: [
        {
          name: 'in',
          type: 'COUNTER',
          heartbeat: 600,
          minimum: 0,
          maximum: Number.NaN,
          lastReading: '12345',
          unknownSeconds: 30,
          pdpValue: 600.25,
        },
        {
          name: 'out',
          type: 'COMPUTE',
          heartbeat: 0,
          minimum: Number.NaN,
          maximum: Number.NaN,
          rpn: [
            { op: 1, value: 0 },
            { op: 0, value: 8 },
            { op: 11, value: 0 },
          ],
          lastReading: 'U',
          unknownSeconds: 0,
          pdpValue: Number.NaN,
        },
      ],
      archives: [
        { cf: 'AVERAGE', rowCount: 3, pdpPerRow: 2, span: 600, xff: 0.5, currentRow: 2, offset: 896 },
      ],
    })
    expect([...(rrd.cells[0] as Float64Array)]).toEqual(EXPECTED)
    const prep = describeRrd(rrd).archives[0]?.preps[0]
    expect(prep?.value(CDP_SLOT.primary)).toBe(2.5)
    expect(prep?.count(CDP_SLOT.unknownPdps)).toBe(1)
  })

  it('reads the same in pieces of any size', () => {
    const bytes = new TextEncoder().encode(SAMPLE)
    for (const size of [1, 2, 7, 64, 1000]) {
      const pieces: Uint8Array[] = []
      for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size))
      expect([...(readXml(pieces).cells[0] as Float64Array)]).toEqual(EXPECTED)
    }
  })

  it.each(['be64', 'le32a4', 'be32a8'] as const)('becomes an image of %s', (architecture) => {
    const rrd = readXml([SAMPLE], { architecture })
    expectValidRrd(rrd)
    expect([...(rrd.cells[0] as Float64Array)]).toEqual(EXPECTED)
  })
})

describe('other writers', () => {
  const v1 = SAMPLE.replace('0003', ' 0001 ')
    .replace('<params>\n', '')
    .replace('</params>\n', '')
    .replace(/\s*<(primary|secondary)_value>.*?<\/\1_value>/g, '')

  it('version 0001 has xff outside params and no primary value, and comes back as 3', () => {
    const rrd = readXml([v1])
    expect(rrd.header).toMatchObject({ version: 3, archives: [{ xff: 0.5 }] })
    expect([...(rrd.cells[0] as Float64Array)]).toEqual(EXPECTED)
  })

  it('rrdtool 1.0.49 wrote ten unnamed parameters', () => {
    const ten = ['0.25', ...new Array(9).fill('0.0')].map((v) => `<value> ${v} </value>`).join('')
    expect(readXml([SAMPLE.replace(/<xff>.*<\/xff>/, ten)]).header.archives[0]?.xff).toBe(0.25)
  })

  it('rrd4j writes one line, no declaration and other decimals', () => {
    const line = SAMPLE.replace(/^<\?xml.*\n<!DOC.*\n/, '')
      .replace(/>\s+</g, '><')
      .replace('<max>NaN</max>', '<max>1.0E10</max>')
      .replace('<last_ds>12345<', '<last_ds>UNKN<')
    expect(readXml([line]).header.dataSources[0]).toMatchObject({ maximum: 1e10, lastReading: 'UNKN' })
  })

  it.each([
    ['capitals', SAMPLE.replaceAll('<row>', '<ROW>').replaceAll('</row>', '</ROW>')],
    [
      'an XML schema instead of the DTD',
      SAMPLE.replace(/<!DOC.*\n/, '').replace(
        '<rrd>',
        '<rrd xmlns="https://oss.oetiker.ch/rrdtool/rrdtool-dump.xml">',
      ),
    ],
    ['a public identifier', SAMPLE.replace('SYSTEM', 'PUBLIC "-//x[y]//" ')],
    ['Windows line ends', SAMPLE.replaceAll('\n', '\r\n')],
    ['character references and CDATA', SAMPLE.replace('12345', '&#49;<![CDATA[23]]>4&#x35;')],
    ['no preps', SAMPLE.replace(/<cdp_prep>[\s\S]*<\/cdp_prep>/, '')],
    ['spaces around values', SAMPLE.replaceAll('<v>', '<v> ').replaceAll('</v>', '\n</v>')],
  ])('%s', (_, text) => {
    const rrd = readXml([text])
    expect([...(rrd.cells[0] as Float64Array)]).toEqual(EXPECTED)
    expect(rrd.header.dataSources[0]?.lastReading).toBe('12345')
  })

  it.each<[string, Uint8Array]>([
    ['a UTF-8 byte order mark', Buffer.from(`\ufeff${SAMPLE}`)],
    ['UTF-16 LE', Buffer.from(`\ufeff${SAMPLE.replace('utf-8', 'utf-16')}`, 'utf16le')],
    ['UTF-16 BE', Buffer.from(`\ufeff${SAMPLE.replace('utf-8', 'utf-16')}`, 'utf16le').swap16()],
    ['Latin-1', Buffer.from(SAMPLE.replace('utf-8', 'ISO-8859-1').replace('Dump', 'D\xfcmp'), 'latin1')],
  ])('%s', (_, bytes) => {
    expect(cellsOf(bytes)).toEqual(EXPECTED)
  })

  it('keeps a name that is not ASCII as its UTF-8 bytes', () => {
    const name = readXml([SAMPLE.replace('> in <', '> Größe <').replace('in,8,*', 'Größe,8,*')]).header
      .dataSources[0]?.name
    expect(Buffer.from(name as string, 'latin1').toString('utf8')).toBe('Größe')
  })
})
