import { describe, expect, test } from 'vitest'
import {
  LogClock,
  readBsdStamp,
  readHaproxyDate,
  readIsoStamp,
  type WrittenTime,
  Zone,
} from '../../src/clock/index.ts'

const NEVER = Date.UTC(2030, 0)
const clockIn = (zone: string, newest = NEVER): LogClock => new LogClock(new Zone(zone), newest)
const iso = (instant: number | undefined): string | undefined =>
  instant === undefined ? undefined : new Date(instant).toISOString()
const read = (text: string): WrittenTime =>
  readHaproxyDate(text) ?? readIsoStamp(text) ?? readBsdStamp(text) ?? expect.unreachable(text)

describe('times with a zone of their own', () => {
  test.each([
    ['21/Nov/2026:11:36:01 +0000', '2026-11-21T11:36:01.000Z'],
    ['21/Nov/2026:11:36:01 +0530', '2026-11-21T06:06:01.000Z'],
    ['2026-11-21T11:36:08.067039+00:00', '2026-11-21T11:36:08.067Z'],
    ['2026-11-21T11:36:08Z', '2026-11-21T11:36:08.000Z'],
    ['2026-11-21T11:36:08-0800', '2026-11-21T19:36:08.000Z'],
  ])('%s', (text, instant) => {
    expect(iso(clockIn('Asia/Tokyo').instant(read(text)))).toBe(instant)
  })
})

describe('local times', () => {
  test.each([
    ['UTC', '21/Nov/2026:11:35:32.850', '2026-11-21T11:35:32.850Z'],
    ['Europe/Berlin', '21/Nov/2026:11:35:32.850', '2026-11-21T10:35:32.850Z'],
    ['Europe/Berlin', '21/Jul/2026:11:35:32.850', '2026-07-21T09:35:32.850Z'],
    ['America/St_Johns', '21/Jul/2026:11:35:32.000', '2026-07-21T14:05:32.000Z'],
    ['Australia/Lord_Howe', '01/Jan/2026:00:00:00.000', '2025-12-31T13:00:00.000Z'],
  ])('%s, %s', (zone, text, instant) => {
    const clock = clockIn(zone)
    expect(iso(clock.instant(read(text)))).toBe(instant)
    expect(clock.localTime(clock.instant(read(text)) as number)).toBe(
      new Date(read(text).local).toISOString().slice(0, 19),
    )
    expect(clock.ambiguous).toBe(0)
  })

  test('an hour that occurs twice is the earlier, counted, unless the line says more', () => {
    const clock = clockIn('Europe/Berlin')
    const twice = read('25/Oct/2026:02:30:00.000')
    expect(iso(clock.instant(twice))).toBe('2026-10-25T00:30:00.000Z')
    expect(clock.ambiguous).toBe(1)
    expect(iso(clock.instant(twice, () => Date.UTC(2026, 9, 25, 1, 30, 1)))).toBe('2026-10-25T01:30:00.000Z')
    expect(iso(clock.instant(twice, () => Date.UTC(2026, 9, 25, 0, 29, 59)))).toBe('2026-10-25T00:30:00.000Z')
    expect(clock.ambiguous).toBe(1)
  })

  test('an hour that the clocks leave out is taken by the offset before', () => {
    expect(iso(clockIn('Europe/Berlin').instant(read('29/Mar/2026:02:30:00.000')))).toBe(
      '2026-03-29T01:30:00.000Z',
    )
  })

  test('every hour of a year has one instant and comes back from it', () => {
    const zone = new Zone('Europe/Berlin')
    for (let instant = Date.UTC(2026, 0); instant < Date.UTC(2027, 0); instant += 3_600_000)
      expect(zone.instantsOf(instant + zone.offsetAt(instant))).toContain(instant)
  })
})

describe('stamps without a year take it from the file', () => {
  const mtime = Date.UTC(2026, 0, 2, 3)
  test.each([
    ['Jan  2 02:59:59', '2026-01-02T02:59:59.000Z'],
    ['Jan  2 03:10:00', '2026-01-02T03:10:00.000Z'],
    ['Dec 31 23:59:59', '2025-12-31T23:59:59.000Z'],
    ['Feb  3 00:00:00', '2025-02-03T00:00:00.000Z'],
    ['Feb 29 12:00:00', '2024-02-29T12:00:00.000Z'],
  ])('%s', (text, instant) => {
    expect(iso(clockIn('UTC', mtime).instant(read(text)))).toBe(instant)
  })
})

test.each([
  '31/Feb/2026:11:36:01.000',
  '21/Nvo/2026:11:36:01.000',
  '21/Nov/2026:24:36:01.000',
  '21/Nov/2026',
])('%s is no date', (text) => {
  expect(readHaproxyDate(text)).toBeUndefined()
})

test('an unknown zone is refused', () => {
  expect(() => new Zone('Mars/Olympus')).toThrow(RangeError)
})
