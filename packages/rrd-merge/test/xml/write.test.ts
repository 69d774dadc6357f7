import { describe, expect, it } from 'vitest'
import { buildRrd, convertRrd, describeRrd, rrdFromBytes, rrdToBytes } from '../../src/format/index.ts'
import { readXml, writeXml } from '../../src/xml/index.ts'
import { fixedZone } from '../../src/xml/zone/types.ts'
import { bits, FIXTURES, fixture } from '../format/fixtures.ts'

const UTC = fixedZone(0, 'UTC')
const open = (...which: Parameters<typeof fixture>) => rrdFromBytes(fixture(...which))

describe.each(FIXTURES)('%s version %i', (architecture, version) => {
  it('is written and read back bit for bit, but for the payloads of NaN', () => {
    const rrd = open(architecture, version)
    const back = readXml(writeXml(rrd), { architecture })
    const expected = describeRrd(convertRrd(rrd, 'le64'))
    const found = describeRrd(convertRrd(back, 'le64'))
    expect(back.header.dataSources).toEqual(rrd.header.dataSources)
    for (const [r, archive] of expected.archives.entries()) {
      const other = found.archives[r]
      expect(other?.preps.map((prep) => prep.count(6))).toEqual(archive.preps.map((prep) => prep.count(6)))
      expect(other?.parameters.value(1)).toBe(archive.parameters.value(1))
      const width = rrd.header.dataSources.length
      const byTime = bits(archive.cells).map((cell) =>
        cell === '7ff8000000abcdef' ? '7ff8000000000000' : cell,
      )
      const oldest = ((archive.currentRow + 1) % archive.rowCount) * width
      expect(bits(other?.cells as Float64Array)).toEqual([
        ...byTime.slice(oldest),
        ...byTime.slice(0, oldest),
      ])
    }
  })
})

describe('the text', () => {
  it('comes in pieces that join to one document, in the zone asked for', () => {
    const pieces = [...writeXml(open('le64'), { zone: fixedZone(3600, 'CET') })]
    expect(pieces.length).toBeGreaterThan(5)
    const text = pieces.join('')
    expect(text).toContain('<lastupdate>1700000430</lastupdate> <!-- 2023-11-14 23:20:30 CET -->')
    expect(text).toContain('<!-- 2023-11-14 23:20:00 CET / 1700000400 --> <row><v>NaN</v><v>NaN</v></row>')
    expect(text).toContain('<history>101100011</history>')
  })

  it('stays in small pieces for wide rows too', () => {
    const description = describeRrd(open('le64'))
    const width = 5000
    const [first] = description.dataSources
    description.dataSources = Array.from(
      { length: width },
      (_, i) => ({ ...(first as object), name: `d${i}` }) as never,
    )
    description.archives = description.archives.slice(0, 1).map((archive) => ({
      ...archive,
      preps: Array.from({ length: width }, () => archive.preps[0] as never),
      cells: new Float64Array(width * archive.rowCount).fill(1 / 3),
    }))
    const longest = Math.max(...[...writeXml(buildRrd(description))].map((piece) => piece.length))
    expect(longest).toBeLessThan(70_000)
  })

  it('escapes what a name may hold, and comes back', () => {
    const description = describeRrd(open('le64'))
    const [source] = description.dataSources
    if (source) Object.assign(source, { name: 'a<b&c>"\'', lastReading: Buffer.from('π').toString('latin1') })
    const back = readXml(writeXml(buildRrd(description), { zone: UTC }))
    expect(back.header.dataSources[0]).toMatchObject({ name: 'a<b&c>"\'', lastReading: '\xcf\x80' })
    expect(back.header.dataSources[1]?.rpn).toEqual(open('le64').header.dataSources[1]?.rpn)
  })

  it.each(['\x01', '\xff\xfe', 'a\x00b', '\xef\xbf\xbf'])(
    'refuses a name that XML cannot hold: %j',
    (name) => {
      const bytes = fixture('le64')
      bytes.set(Buffer.from(name, 'latin1'), 128)
      const rrd = rrdFromBytes(bytes)
      const write = () => [...writeXml(rrd)].join('')
      if (rrd.header.dataSources[0]?.name === 'a') expect(write()).toContain('<name> a </name>')
      else expect(write).toThrow(expect.objectContaining({ code: 'EXML' }))
    },
  )

  it('does not change the image', () => {
    const rrd = open('le64')
    for (const _ of writeXml(rrd, { precision: 'rrdtool' }));
    expect(rrdToBytes(rrd)).toEqual(fixture('le64'))
  })
})
