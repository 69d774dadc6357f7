import { describe, expect, it } from 'vitest'
import {
  buildRrd,
  CDP_SLOT,
  DS_SLOT,
  describeRrd,
  newArchive,
  newDataSource,
  newPrep,
  type RrdDescription,
  rrdFromBytes,
  rrdToBytes,
} from '../../src/format/index.ts'
import { fixture } from './fixtures.ts'
import { expectValidRrd } from './invariants.ts'

const describeFixture = (): RrdDescription => describeRrd(rrdFromBytes(fixture('le64')))

describe('a description', () => {
  it('gives names to every slot of the file', () => {
    const { dataSources, archives, parameters } = describeFixture()
    expect(parameters.value(9)).toBe(1234.5)
    expect(dataSources[0]?.parameters.count(DS_SLOT.heartbeat)).toBe(600)
    expect(archives[1]?.parameters.value(4)).toBe(3)
    expect(archives[1]?.parameters.count(3)).toBe(2)
    expect(archives[1]?.preps[0]?.value(CDP_SLOT.intercept)).toBe(10.5)
    expect(archives[1]?.preps[0]?.count(CDP_SLOT.nullCount)).toBe(3)
    expect([...(archives[2]?.preps[0]?.bytes.subarray(0, 9) ?? [])]).toEqual([1, 0, 1, 1, 0, 0, 0, 1, 1])
  })

  it('is not the image: changing it leaves the image alone', () => {
    const rrd = rrdFromBytes(fixture('le64'))
    const description = describeRrd(rrd)
    description.dataSources[0]?.parameters.setCount(DS_SLOT.heartbeat, 1)
    description.archives[0]?.preps[0]?.setValue(CDP_SLOT.value, 1)
    expect(rrdToBytes(rrd)).toEqual(fixture('le64'))
  })
})

describe('a file with another structure', () => {
  it('takes a data source and an archive more', () => {
    const description = describeFixture()
    const width = description.dataSources.length
    description.dataSources.push(
      newDataSource({
        name: 'more',
        type: 'GAUGE',
        heartbeat: 600,
        minimum: 0,
        maximum: 9,
        unknownSeconds: 130,
      }),
    )
    for (const archive of description.archives) {
      const cells = new Float64Array(archive.rowCount * (width + 1)).fill(Number.NaN)
      for (let row = 0; row < archive.rowCount; row++) {
        cells.set(archive.cells.subarray(row * width, (row + 1) * width), row * (width + 1))
      }
      archive.preps.push(newPrep(0))
      archive.cells = cells
    }
    description.archives.push(
      newArchive({ cf: 'MAX', rowCount: 5, pdpPerRow: 6, xff: 0.25, dsCount: 3, unknownPdps: 2 }),
    )
    const rrd = buildRrd(description)
    expectValidRrd(rrd)
    expect(rrd.header.dataSources[2]).toEqual({
      name: 'more',
      type: 'GAUGE',
      heartbeat: 600,
      minimum: 0,
      maximum: 9,
      lastReading: 'U',
      unknownSeconds: 130,
      pdpValue: Number.NaN,
    })
    expect(rrd.header.archives[3]).toMatchObject({
      cf: 'MAX',
      rowCount: 5,
      span: 1800,
      xff: 0.25,
      currentRow: 4,
    })
    expect(rrd.cells[1]).toEqual(
      Float64Array.of(100, 200, Number.NaN, 300, 400, Number.NaN, 500, 600, Number.NaN),
    )
    expect(rrd.cells[3]?.every(Number.isNaN)).toBe(true)
  })
})

describe('what makes no file is refused', () => {
  const change = (edit: (description: RrdDescription) => void) => () => {
    const description = describeFixture()
    edit(description)
    return buildRrd(description)
  }

  it.each<[string, (d: RrdDescription) => void, string, RegExp]>([
    ['no data source', (d) => d.dataSources.splice(0), 'EUSAGE', /without a data source/],
    ['no archive', (d) => d.archives.splice(0), 'EUSAGE', /without an archive/],
    ['too few preps', (d) => d.archives[0]?.preps.pop(), 'EUSAGE', /archive 0 \(AVERAGE\).*1 preps/],
    ['too few cells', (d) => Object.assign(d.archives[1] ?? {}, { rowCount: 9 }), 'EUSAGE', /6 cells/],
    ['a row beyond', (d) => Object.assign(d.archives[1] ?? {}, { currentRow: 3 }), 'EUSAGE', /row 3 last/],
    ['a row that is none', (d) => Object.assign(d.archives[1] ?? {}, { currentRow: -1 }), 'EUSAGE', /row -1/],
    ['a step of 0', (d) => Object.assign(d, { step: 0 }), 'ECORRUPT', /step of 0/],
    ['half a step', (d) => Object.assign(d, { step: 0.5 }), 'ERANGE', /step 0.5 is no count/],
    ['a negative time', (d) => Object.assign(d, { lastUpdate: -5 }), 'ECORRUPT', /last update -5/],
    ['a fraction of a second', (d) => Object.assign(d, { lastUpdate: 1.5 }), 'ERANGE', /no whole number/],
    [
      'a long name',
      (d) => Object.assign(d.dataSources[0] ?? {}, { name: 'x'.repeat(20) }),
      'ERANGE',
      /19 bytes/,
    ],
    [
      'a name beyond Latin-1',
      (d) => Object.assign(d.dataSources[0] ?? {}, { name: '\u20ac' }),
      'ERANGE',
      /Latin-1/,
    ],
    ['a NUL in a name', (d) => Object.assign(d.dataSources[0] ?? {}, { name: 'a\0b' }), 'ERANGE', /Latin-1/],
  ])('%s', (_, edit, code, message) => {
    expect(change(edit)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }))
  })
})
