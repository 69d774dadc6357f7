import { expect, test } from 'vitest'
import type { Snapshot } from '../../src/counters/index.ts'
import { boundsOf, bracket, spanToRead, Tally } from '../../src/reconcile/index.ts'
import type { Transfer } from '../../src/transfer/index.ts'

const MINUTE = 60_000
const at = (minute: number, bout = BigInt(minute)): Snapshot => ({
  time: minute * MINUTE,
  pid: 7,
  startTime: 0,
  proxies: [{ proxy: 'web', service: 'FRONTEND', counts: { bout } }],
})
const transfer = (minute: number, bytesOut = 10): Transfer => ({
  frontend: 'web',
  bytesOut,
  bytesIn: 1,
  instant: minute * MINUTE,
  partial: false,
})
const web = { service: 'FRONTEND', proxy: 'web' } as const
const snapshots = [at(10), at(20), at(30), at(40)]
const given = { before: snapshots, after: snapshots }

test.each<[string, number, number, [number, number]]>([
  ['the nearest around the log', 22, 28, [20, 30]],
  ['a log that spans several', 12, 38, [10, 40]],
  ['a log that ends at one', 12, 20, [10, 20]],
  ['a log that begins before all of them', 5, 15, [10, 20]],
  ['a log that goes on after all of them', 35, 55, [30, 40]],
])('%s', (_, first, last, [before, after]) => {
  const found = bracket(given, first * MINUTE, last * MINUTE)
  expect([found?.before.time, found?.after.time]).toEqual([before * MINUTE, after * MINUTE])
  expect(found?.delta).toMatchObject({ proxies: [{ counts: { bout: BigInt(after - before) } }] })
})

test('without an earlier one the process began at 0', () => {
  const found = bracket({ before: [], after: [{ ...at(30), startTime: 600 }] }, 15 * MINUTE, 20 * MINUTE)
  expect(found).toMatchObject({ sinceStart: true, span: { from: 10 * MINUTE, to: 30 * MINUTE } })
  expect(found?.delta).toMatchObject({ proxies: [{ counts: { bout: 30n } }] })
})

test('counters alone, of which nobody says since when, are none', () => {
  const { startTime: _, pid: __, ...bare } = at(30)
  expect(bracket({ before: [], after: [bare] }, 0, 1)).toBeUndefined()
})

test('lines count where they ended: before, between or after snapshots', () => {
  const tally = new Tally(boundsOf(given))
  for (const minute of [5, 10, 15, 25, 40, 50]) tally.add(transfer(minute, minute))
  tally.add({ frontend: 'web', bytesOut: 1000, partial: false })
  const bytes = (from?: number, to?: number): bigint =>
    tally.sums(web, { from: from && from * MINUTE, to: to && to * MINUTE }).bytesOut
  expect(bytes(10, 20)).toBe(1025n)
  expect(bytes(20, 40)).toBe(1025n)
  expect(bytes(10, 40)).toBe(1050n)
  expect(bytes()).toBe(1145n)
  expect([tally.first, tally.last]).toEqual([5 * MINUTE, 50 * MINUTE])
  expect(tally.near(web, 10 * MINUTE)).toMatchObject({ earlier: { lines: 0 }, later: { bytesOut: 10n } })
})

test('%lc shows what is missing, of each process by itself', () => {
  const tally = new Tally()
  for (const logCounter of [0, 1, 4, 5]) tally.add({ ...transfer(1), logCounter }, { pid: 1 })
  for (const logCounter of [0, 2, 2]) tally.add({ ...transfer(1), logCounter }, { pid: 2 })
  expect(tally.counterGaps(web)).toEqual({ missing: 3, repeated: 1 })
  expect(tally.ofOthers(web, 1)).toMatchObject({ lines: 3, bytesOut: 30n })
})

test.each<[string, object, [number | undefined, number | undefined]]>([
  ['to the snapshots around it', { since: 12 * MINUTE, until: 18 * MINUTE }, [10, 20]],
  ['no further than a snapshot', { since: 20 * MINUTE, until: 30 * MINUTE }, [20, 30]],
  ['beyond them, where there are none', { since: 5 * MINUTE, until: 60 * MINUTE }, [5, 60]],
  ['from the beginning', { until: 15 * MINUTE }, [undefined, 20]],
  ['to the end', { since: 15 * MINUTE }, [10, undefined]],
])('a span of time is read %s', (_, span, [since, until]) => {
  expect(spanToRead(given, span)).toEqual({ since: since && since * MINUTE, until: until && until * MINUTE })
})
