import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Zone } from '../../src/clock/index.ts'
import { KNOWN_FORMATS, parseLogFormat } from '../../src/log-format/index.ts'
import { readLogs, type ScanSettings, type ScanWarning } from '../../src/scan/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'haproxy-bytes-times-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, 'haproxy.log')

interface Read {
  readonly ends: (string | undefined)[]
  readonly warnings: ScanWarning[]
}

async function read(
  lines: readonly string[],
  settings: Partial<ScanSettings>,
  mtime = '2026-12-01',
): Promise<Read> {
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''))
  utimesSync(path, new Date(mtime), new Date(mtime))
  const result: Read = { ends: [], warnings: [] }
  await readLogs(
    [path],
    {
      formats: Object.values(KNOWN_FORMATS).map(parseLogFormat),
      zone: new Zone('UTC'),
      ...settings,
      onWarning: (warning) => result.warnings.push(warning),
    },
    {
      line(reading) {
        const instant = reading.kind === 'transfer' ? reading.transfer.instant : undefined
        result.ends.push(instant === undefined ? reading.kind : new Date(instant).toISOString())
      },
    },
  )
  return result
}

const transfer = (stamp: string, date: string, took = 0): string =>
  `${stamp} lb1 haproxy[7]: 192.0.2.1:4711 [${date}] fe be/s1 0/0/0/0/${took} 200 100 - - ---- 1/1/0/0/0 0/0 "GET / HTTP/1.1"`
const NO_DATE = { formats: [parseLogFormat('%ci %B')] }

describe('stamps without a year', () => {
  test('over the turn of the year, in a file that was written last in January', async () => {
    const lines = [
      'Dec 31 23:59:59 lb1 haproxy[7]: 192.0.2.1 1',
      'Jan  1 00:00:00 lb1 haproxy[7]: 192.0.2.1 2',
    ]
    expect((await read(lines, NO_DATE, '2027-01-01T00:00:00Z')).ends).toEqual([
      '2026-12-31T23:59:59.000Z',
      '2027-01-01T00:00:00.000Z',
    ])
  })

  test('of a leap day, read in a later year', async () => {
    const lines = ['Feb 29 12:00:00 lb1 haproxy[7]: 192.0.2.1 1']
    expect((await read(lines, NO_DATE, '2026-11-21')).ends).toEqual(['2024-02-29T12:00:00.000Z'])
  })

  test('in a zone that is a day ahead', async () => {
    const lines = ['Jan  1 00:30:00 lb1 haproxy[7]: 192.0.2.1 1']
    const zone = new Zone('Pacific/Kiritimati')
    const { ends } = await read(lines, { ...NO_DATE, zone }, '2026-12-31T10:30:00Z')
    expect(ends).toEqual(['2026-12-31T10:30:00.000Z'])
  })
})

describe('a transfer belongs to the time at which it ended', () => {
  const since = Date.UTC(2026, 11, 1)
  test.each([
    ['over the edge of a month', transfer('Dec  1 00:00:01', '30/Nov/2026:23:59:59.500', 1500), true],
    ['before it', transfer('Nov 30 23:59:59', '30/Nov/2026:23:59:59.000', 999), false],
    ['right at it', transfer('Dec  1 00:00:00', '30/Nov/2026:23:59:59.000', 1000), true],
  ])('%s', async (_, line, isInside) => {
    expect((await read([line], { span: { since } })).ends).toHaveLength(isInside ? 1 : 0)
    expect((await read([line], { span: { until: since } })).ends).toHaveLength(isInside ? 0 : 1)
  })

  test('a line that is none by its stamp, and without one as the line before it', async () => {
    const lines = [
      'at the beginning nothing speaks against it',
      transfer('Nov 30 10:00:00', '30/Nov/2026:10:00:00.000'),
      'after a transfer outside',
      'Dec  1 10:00:00 lb1 haproxy[7]: Proxy fe stopped.',
      'after a line inside',
      'Nov 30 10:00:00 lb1 haproxy[7]: Proxy fe started.',
    ]
    expect((await read(lines, { span: { since } }, '2026-12-02')).ends).toEqual([
      'unknown',
      'other',
      'unknown',
    ])
  })
})

describe('an hour that occurs twice', () => {
  const zone = new Zone('Europe/Berlin')
  const date = '25/Oct/2026:02:30:00.000'

  test.each([
    ['the offset of the stamp', '2026-10-25T02:30:00.000+02:00', '2026-10-25T00:30:00.000Z'],
    ['its other offset', '2026-10-25T02:30:00.000+01:00', '2026-10-25T01:30:00.000Z'],
    ['a stamp of a slow relay', '2026-10-25T03:10:00.000+01:00', '2026-10-25T01:30:00.000Z'],
    ['a stamp of UTC', '2026-10-25T01:30:00.000Z', '2026-10-25T01:30:00.000Z'],
    ['nothing, as the stamp is of another time', '2026-10-25T05:30:00.000Z', '2026-10-25T00:30:00.000Z'],
    ['no offset', 'Oct 25 02:30:00', '2026-10-25T00:30:00.000Z'],
  ])('by %s', async (what, stamp, end) => {
    const { ends, warnings } = await read([transfer(stamp, date)], { zone })
    expect(ends).toEqual([end])
    const isTold = what.startsWith('no')
    expect(warnings).toEqual(isTold ? [{ code: 'time-twice', path, lines: 1 }] : [])
  })

  test('of a transfer that went on until the hour was over', async () => {
    const line = transfer('2026-10-25T03:10:00.000+01:00', '25/Oct/2026:02:30:00.000', 100 * 60_000)
    expect((await read([line], { zone })).ends).toEqual(['2026-10-25T02:10:00.000Z'])
  })

  test('one that the clocks leave out', async () => {
    const { ends } = await read([transfer('Mar 29 02:30:00', '29/Mar/2026:02:30:00.000')], { zone })
    expect(ends).toEqual(['2026-03-29T01:30:00.000Z'])
  })
})
