import { beforeAll, describe, expect, test } from 'vitest'
import { COUNTED } from '../../src/transfer/line-reader.ts'
import { type ProxyReader, readersOf, transferOf, wrongFields, wrongValues } from './random-formats/held.ts'
import type { Logged } from './random-formats/logged.ts'
import { cuts, type Damage, flips, ownCut } from './random-formats/mutated.ts'
import { hasTwoReadings } from './random-formats/other-readings.ts'
import { type RandomFormats, runRandomFormats } from './random-formats/run.ts'

const FORMATS = 200
const REQUESTS = 6
const SEED = Number(process.env.HAPROXY_BYTES_SEED ?? 2)
let run: RandomFormats
let readers: ReadonlyMap<string, ProxyReader>
beforeAll(async () => {
  run = await runRandomFormats(FORMATS, REQUESTS, SEED)
  readers = readersOf(run)
}, 60_000)

const readerOf = ({ proxy }: Logged): ProxyReader => readers.get(proxy.name) as ProxyReader
const told = (logged: Logged, what: string): string =>
  `${what}\n  ${readerOf(logged).format.text}\n  ${logged.message.toString('latin1')}`
const faults = (of: (logged: Logged) => readonly string[]): string[] =>
  run.logged.flatMap((logged) => of(logged).map((what) => told(logged, what)))

describe('200 random log-formats', () => {
  test('HAProxy logged every request with both targets', () => {
    expect(run.proxies).toHaveLength(FORMATS)
    const all = [...run.logged, ...run.cut]
    expect(all.length).toBeGreaterThanOrEqual(FORMATS * (REQUESTS - 1))
    expect(new Set(all.map(({ proxy }) => proxy.name)).size).toBe(FORMATS)
  })

  test('TLS, option logasap and cut lines are among them', () => {
    const count = (of: (logged: Logged) => boolean): number => run.logged.filter(of).length
    expect(count(({ plain }) => plain.ft?.endsWith('~') === true)).toBeGreaterThan(100)
    expect(count(({ plain }) => plain.B?.startsWith('+') === true)).toBeGreaterThan(50)
    expect(run.cut.length).toBeGreaterThan(20)
  })

  test("every field that is in no doubt has HAProxy's own text", () => {
    expect(faults((logged) => wrongFields(readerOf(logged), logged))).toEqual([])
  })

  test("every transfer has HAProxy's own values", () => {
    expect(faults((logged) => wrongValues(readerOf(logged), logged))).toEqual([])
  })

  test('every line with %B is a transfer, but where its bytes can be read in two ways', () => {
    const unread = run.logged.filter((logged) => {
      const { kind } = readerOf(logged).reader.read(logged.line, 0, logged.line.length)
      return kind !== 'transfer' && (kind !== 'no-bytes' || 'bytesOut' in transferOf(logged))
    })
    const oneReading = unread.filter((logged) => !hasTwoReadings(logged, COUNTED))
    expect(oneReading.map((logged) => told(logged, 'unread'))).toEqual([])
    // Pieces of earlier lines are sent as headers: of 1200 lines so many are really ambiguous.
    expect(unread.length).toBeLessThan(run.logged.length / 8)
  })

  const damaged = (
    of: (logged: Logged) => Damage,
    logged = run.logged,
  ): { lines: number; hidden: number; faults: string[] } => {
    const all = logged.map((logged) => ({ logged, ...of(logged) }))
    return {
      lines: all.reduce((sum, { lines }) => sum + lines, 0),
      hidden: all.reduce((sum, { hidden }) => sum + hidden, 0),
      faults: all.flatMap(({ logged, faults: found }) => found.map((what) => told(logged, what))),
    }
  }

  test('cut at any byte, a line gives its own byte count or none', () => {
    const { lines, hidden, faults: wrong } = damaged((logged) => cuts(readerOf(logged), logged))
    expect(wrong).toEqual([])
    // Where bytes are counted behind a client's text, or at the end, what is left can be a whole line of that format.
    expect(hidden).toBeLessThan(lines / 500)
  })

  test('cut by its own `len`, a line gives its own byte count or none', () => {
    expect(damaged((logged) => ownCut(readerOf(logged), logged), run.cut).faults).toEqual([])
  })

  test('a bit that is flipped changes no byte count but its own', () => {
    const { lines, hidden, faults: wrong } = damaged((logged) => flips(readerOf(logged), logged, SEED))
    expect(wrong).toEqual([])
    expect(hidden).toBeLessThan(lines / 500)
  })
})
