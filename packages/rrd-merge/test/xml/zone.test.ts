import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { localTimeFormatter } from '../../src/xml/zone/local-time.ts'
import { posixZone } from '../../src/xml/zone/posix-tz.ts'
import { processZone } from '../../src/xml/zone/process-zone.ts'
import { tzifZone } from '../../src/xml/zone/tzif.ts'

/** Every 37 days and some seconds from 1968 to 2043, then around the changes of 2023 and 2024. */
const TIMES = [
  ...Array.from({ length: 740 }, (_, i) => -60_000_000 + i * 3_197_003),
  ...[1679792399, 1679792400, 1698541199, 1698541200, 1710054000, 1710053999, 1730613599, 1730613600],
  ...[0, -1, 2 ** 31 - 1, 2 ** 31, 4_000_000_000],
]

/** The C library's own answers. */
const dates = (TZ: string): string[] =>
  execFileSync('date', ['-f', '-', '+%Y-%m-%d %H:%M:%S %Z'], {
    input: TIMES.map((time) => `@${time}\n`).join(''),
    env: { ...process.env, TZ, LC_ALL: 'C' },
    encoding: 'utf8',
  })
    .trimEnd()
    .split('\n')

describe("local times are the C library's", () => {
  it.each([
    'UTC',
    'Europe/Berlin',
    'Europe/Dublin',
    'America/New_York',
    'America/Sao_Paulo',
    'America/St_Johns',
    'Asia/Kolkata',
    'Asia/Tehran',
    'Australia/Lord_Howe',
    'Africa/Casablanca',
    'Pacific/Apia',
    'Antarctica/Troll',
    ':Europe/Berlin',
    '/usr/share/zoneinfo/Asia/Tokyo',
    '',
    'CET-1CEST,M3.5.0,M10.5.0/3',
    'EST5EDT,M3.2.0,M11.1.0',
    'EST5EDT',
    'NZST-12NZDT,M9.5.0,M4.1.0/3',
    '<+0330>-3:30',
    '<-03>3<-02>,M3.5.0/-2,M10.5.0/-1',
    'AAA-2BBB,J60,J300/1:30',
    'AAA4BBB3:15,59/0,299/25',
    'JST-9',
    'Nowhere/Nothing',
  ])('%j', (TZ) => {
    const format = localTimeFormatter(processZone({ TZ }))
    expect(TIMES.map(format)).toEqual(dates(TZ))
  })
})

describe('what is no zone', () => {
  it.each(['', 'X1', 'CET', 'CET-1CEST,M3', 'CET-1CEST,M3.5.0', 'CET-1CEST,M13.9.8,J1', '<>1'])(
    '%j',
    (text) => {
      expect(posixZone(text)).toBeUndefined()
    },
  )

  it('bytes that are no TZif, or cut', () => {
    expect(tzifZone(new Uint8Array(100))).toBeUndefined()
    expect(tzifZone(new TextEncoder().encode('TZif2'.padEnd(60, '\0')))).toBeUndefined()
    const claims = new Uint8Array(44).fill(0x10)
    claims.set(new TextEncoder().encode('TZif'))
    expect(tzifZone(claims)).toBeUndefined()
  })

  it('without TZ or /etc/localtime there is still a zone', () => {
    expect(processZone({})(0).abbreviation).not.toBe('')
  })
})
