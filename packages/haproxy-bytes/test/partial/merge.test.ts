import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KNOWN_FORMATS, parseLogFormat } from '../../src/log-format/index.ts'
import { LogNotes } from '../../src/notes/index.ts'
import {
  mergePartials,
  PartialError,
  type PartialResult,
  parsePartials,
  partialRows,
} from '../../src/partial/index.ts'
import { IdentityReader } from '../../src/source/index.ts'
import { keyNamed, Totals } from '../../src/totals/index.ts'
import { LineReader } from '../../src/transfer/index.ts'
import { hasFormat, SENT_LINES } from '../fixtures/lines.ts'

const FORMATS = Object.values(KNOWN_FORMATS).map(parseLogFormat)
const KEYS = ['frontend', 'status']
const LOG = Buffer.concat(
  SENT_LINES.filter((line) => hasFormat(line) && line.format === KNOWN_FORMATS.http).flatMap(({ bytes }) => [
    bytes,
    Buffer.from('\n'),
  ]),
)

/** What a reader of `[from, to)` of a log counts: the lines that begin there. */
function part(log: Buffer, from = 0, to = log.length): PartialResult {
  const identity = new IdentityReader()
  identity.write(log)
  const reader = new LineReader(FORMATS, ({ local }) => local)
  const totals = new Totals(KEYS.map((name) => keyNamed(name, String) ?? expect.unreachable(name)))
  const notes = new LogNotes()
  for (let at = 0; at < log.length; ) {
    const feed = log.indexOf(10, at)
    const end = feed < 0 ? log.length : feed
    if (at >= from && at < to) {
      const reading = reader.read(log, at, end)
      notes.take(reading, at, log, at, end)
      totals.add(reading)
    }
    at = end + 1
  }
  const { lines, groups } = totals
  return {
    keys: KEYS,
    settings: { tz: 'UTC' },
    sources: [{ identity: identity.identity(), from, to, lines, groups, notes }],
  }
}

const throughText = (parts: readonly PartialResult[]): PartialResult[] =>
  parts.flatMap((one) => parsePartials([...partialRows(one)]))
const totalsOf = (...parts: readonly PartialResult[]) => mergePartials(throughText(parts)).totals
const whole = part(LOG)

describe('any split of a log', () => {
  test('at any byte gives the same total', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: LOG.length }), { maxLength: 6 }),
        fc.boolean(),
        (cuts, turned) => {
          const bounds = [0, ...cuts.sort((a, b) => a - b), LOG.length]
          const pieces = bounds.slice(1).map((to, index) => part(LOG, bounds[index], to))
          expect(totalsOf(...(turned ? pieces.reverse() : pieces))).toEqual(totalsOf(whole))
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('a log counts once', () => {
  const grown = Buffer.concat([LOG, LOG.subarray(0, LOG.indexOf(10) + 1)])
  test.each<[string, readonly PartialResult[], PartialResult]>([
    ['read twice', [whole, whole], whole],
    ['read again when it had grown', [whole, part(grown)], part(grown)],
    ['a piece of it beside all of it', [part(LOG, 100, 5000), whole], whole],
    ['a piece read before it grew', [part(LOG, 0, 5000), part(grown, 5000)], part(grown)],
  ])('%s', (_, parts, expected) => {
    expect(totalsOf(...parts)).toEqual(totalsOf(expected))
    expect(totalsOf(...[...parts].reverse())).toEqual(totalsOf(expected))
  })

  test('and two logs count both', () => {
    const other = LOG.subarray(LOG.indexOf(10) + 1)
    const { totals, counted, repeated } = mergePartials([whole, part(other), whole])
    expect([counted.length, repeated]).toEqual([2, 1])
    const sum = (one: PartialResult) => mergePartials([one]).totals.totals
    expect(totals.totals.bytesOut).toBe(sum(whole).bytesOut + sum(part(other)).bytesOut)
  })
})

describe('what can not be merged is refused', () => {
  test.each<[string, () => unknown, string]>([
    [
      'pieces that overlap in part',
      () => mergePartials([part(LOG, 0, 5000), part(LOG, 4000, 9000)]),
      'overlap',
    ],
    ['other keys', () => mergePartials([whole, { ...whole, keys: ['server'] }]), 'other-keys'],
    [
      'another zone',
      () => mergePartials([whole, { ...whole, settings: { tz: 'Europe/Berlin' } }]),
      'other-settings',
    ],
    ['a log', () => parsePartials([LOG.toString('latin1', 0, 100)]), 'bad-row'],
    ['another document', () => parsePartials(['{"schema":"haproxy-bytes/total@1"}']), 'no-partial'],
    ['one that ends too early', () => parsePartials([...partialRows(whole)].slice(0, -1)), 'bad-row'],
  ])('%s', (_, act, code) => {
    expect(act).toThrow(expect.objectContaining({ name: 'PartialError', code }))
    expect(PartialError.name).toBe('PartialError')
  })

  test('rows that were changed are a typed error or still a result', () => {
    const rows = [...partialRows(whole)]
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.integer({ min: 32, max: 126 }), (row, column, code) => {
        const changed = [...rows]
        const text = changed[row % rows.length] as string
        const at = column % text.length
        changed[row % rows.length] = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1)
        try {
          mergePartials(parsePartials(changed))
        } catch (error) {
          expect(error).toBeInstanceOf(PartialError)
        }
      }),
      { numRuns: 3000 },
    )
  })
})

test('nothing merged is nothing', () => {
  const { groups, totals } = mergePartials([]).totals
  expect([...groups]).toEqual([])
  expect(totals).toMatchObject({ requests: 0, bytesOut: 0n })
})
