import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { decodeHeader } from '../../src/format/index.ts'
import { changedCells, momentOf, rowsTouched } from '../../src/live/moment.ts'
import { createRrd, rrdtool, START, STEP, temporaryFolder, update } from './rrd-files.ts'

const SHAPES: Record<string, string[]> = {
  'one archive': ['DS:a:GAUGE:120:U:U', 'RRA:AVERAGE:0.5:1:7'],
  'several spans': ['DS:a:GAUGE:120:U:U', 'RRA:AVERAGE:0.5:1:7', 'RRA:MAX:0.5:3:4', 'RRA:MIN:0.5:10:3'],
  'an archive of one row': ['DS:a:GAUGE:120:U:U', 'RRA:LAST:0.5:1:1', 'RRA:AVERAGE:0.5:2:5'],
  'Holt-Winters, with smoothing': [
    'DS:a:GAUGE:120:U:U',
    'RRA:AVERAGE:0.5:1:30',
    'RRA:HWPREDICT:30:0.1:0.0035:5',
  ],
}

/** Bytes that differ, in cells only. */
const differing = (before: Uint8Array, after: Uint8Array, from: number): number[] => {
  const offsets: number[] = []
  for (let at = from; at < after.length; at += 1) if (before[at] !== after[at]) offsets.push(at)
  return offsets
}

describe.each(Object.entries(SHAPES))('cells that real updates change, %s', (_, shape) => {
  test.each([
    ['one update', [1]],
    ['updates one by one', [1, 2, 3, 4]],
    ['a gap', [5]],
    ['once round the ring', [1, 2, 3, 4, 5, 6, 7]],
    ['a gap of more rows than there are', [400]],
  ])('%s', (_name, steps) => {
    const file = createRrd(join(temporaryFolder(), 'a.rrd'), shape)
    for (let n = 1; n <= 16; n += 1) update(file, n)
    const before = new Uint8Array(readFileSync(file))
    const header = decodeHeader(before)
    const from = { ...momentOf(header, before), open: [] }
    for (const n of steps) update(file, 16 + n)
    const after = new Uint8Array(readFileSync(file))

    const ranges = changedCells(header, from, momentOf(header, after))

    const missed = differing(before, after, header.length).filter(
      (at) => !ranges.some(({ offset, length }) => at >= offset && at < offset + length),
    )
    expect(missed).toEqual([])
    expect(
      ranges.every(({ offset, length }) => offset >= header.length && offset + length <= after.length),
    ).toBe(true)
  })
})

test('an archive that got no row is not read again', () => {
  const file = createRrd(join(temporaryFolder(), 'a.rrd'), [
    'DS:a:GAUGE:120:U:U',
    'RRA:AVERAGE:0.5:1:9',
    'RRA:MAX:0.5:5:9',
  ])
  update(file, 3)
  const before = new Uint8Array(readFileSync(file))
  const header = decodeHeader(before)
  update(file, 4)
  const after = new Uint8Array(readFileSync(file))
  const closed = changedCells(header, { ...momentOf(header, before), open: [] }, momentOf(header, after))
  const [first] = header.archives
  const row = decodeHeader(after).archives[0]?.currentRow ?? -1
  expect(closed).toEqual([{ offset: (first?.offset ?? 0) + row * 8, length: 8 }])
})

test('a row whose pointer was read before it was written is read again, in two torn headers in a row', () => {
  const file = createRrd(join(temporaryFolder(), 'a.rrd'), ['DS:a:GAUGE:120:U:U', 'RRA:AVERAGE:0.5:1:9'])
  update(file, 1)
  const before = new Uint8Array(readFileSync(file))
  const header = decodeHeader(before)
  const first = { ...momentOf(header, before), open: [] }
  const { rows, lastUpdate } = first
  const torn = { rows: [((rows[0] ?? 0) + 1) % 9], lastUpdate, open: [true] }
  const later = { rows: [((rows[0] ?? 0) + 3) % 9], lastUpdate: lastUpdate + STEP, open: [] }
  const offsets = changedCells(header, torn, later).reduce((sum, { length }) => sum + length, 0)
  expect(offsets).toBe(3 * 8)
})

test('rows that an update reached are told by the end of their intervals', () => {
  const file = createRrd(join(temporaryFolder(), 'a.rrd'), [
    'DS:a:GAUGE:600:U:U',
    'RRA:AVERAGE:0.5:1:9',
    'RRA:MAX:0.5:5:9',
  ])
  const before = new Uint8Array(readFileSync(file))
  const header = decodeHeader(before)
  rrdtool('update', file, `${START + 150}:1`)
  const now = momentOf(header, new Uint8Array(readFileSync(file)))
  const from = momentOf(header, before)
  const five = (time: number): number => Math.ceil(time / 300) * 300
  expect(rowsTouched(header, from, now, 0)).toEqual([
    { cf: 'AVERAGE', span: 60, from: START + 60, to: START + 180 },
    { cf: 'MAX', span: 300, from: five(START), to: five(START + 150) },
  ])
  expect(rowsTouched(header, from, now, 1)[0]).toEqual({
    cf: 'AVERAGE',
    span: 60,
    from: START + 60,
    to: START + 240,
  })
})
