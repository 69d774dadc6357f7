import { describe, expect, test } from 'vitest'
import { KNOWN_FORMATS, parseLogFormat } from '../../src/log-format/index.ts'
import { keyNamed, Totals } from '../../src/totals/index.ts'
import { LineReader } from '../../src/transfer/index.ts'
import { hasFormat, SENT_LINES } from '../fixtures/lines.ts'

const clock = ({ local, offset = 0 }: { local: number; offset?: number }): number => local - offset * 60_000
const localTime = (instant: number): string => new Date(instant).toISOString().slice(0, 19)

/** Whole lines of the formats that have a name. */
const lines = SENT_LINES.filter(
  (line) =>
    hasFormat(line) && !line.expect.truncated && Object.values<string>(KNOWN_FORMATS).includes(line.format),
)

function totalOf(names: readonly string[], chosen = lines): ReturnType<Totals['result']> {
  const reader = new LineReader(Object.values(KNOWN_FORMATS).map(parseLogFormat), clock)
  const totals = new Totals(names.map((name) => keyNamed(name, localTime) ?? expect.unreachable(name)))
  for (const { bytes } of chosen) totals.add(reader.read(bytes, 0, bytes.length))
  return totals.result()
}

const sum = (chosen: typeof lines, field: string): bigint =>
  chosen.reduce((total, line) => total + BigInt((line.expect[field] as number | undefined) ?? 0), 0n)

describe('lines of several formats in one file', () => {
  test('all bytes of all lines', () => {
    const { lines: counts, totals } = totalOf([])
    expect(counts).toEqual({ read: lines.length, parsed: lines.length, unparsed: 0, truncated: 0, other: 0 })
    expect([totals.requests, totals.bytesOut]).toEqual([lines.length, sum(lines, 'B')])
    expect(lines.length).toBeGreaterThan(120)
  })

  test.each([
    ['frontend', 'frontend'],
    ['backend', 'backend'],
    ['server', 'server'],
    ['status', 'status'],
  ])('by %s', (name, field) => {
    const wanted = new Map<unknown, bigint>()
    for (const line of lines) {
      const key = line.expect[field] ?? null
      wanted.set(key, (wanted.get(key) ?? 0n) + BigInt(line.expect.B as number))
    }
    const found = [...totalOf([name]).groups].map(({ key, bytesOut }) => [key[0], bytesOut] as const)
    expect(new Map(found)).toEqual(wanted)
  })

  test('those that were logged early are told apart', () => {
    const { totals } = totalOf([])
    const early = lines.filter(({ expect: { partial } }) => partial === true)
    expect(totals.partial).toEqual({ requests: early.length, bytesOut: sum(early, 'B') })
    expect(early.length).toBeGreaterThan(0)
  })

  test('those that were broken off are told apart', () => {
    const broken = lines.filter(
      ({ expect: { state } }) => /^[A-Za-z][DL]/.test(String(state)) && !/^-/.test(String(state)),
    )
    expect(totalOf([]).totals.aborted.requests).toBe(broken.length)
  })
})

test('a total in two parts is the same total', () => {
  const reader = new LineReader(Object.values(KNOWN_FORMATS).map(parseLogFormat), clock)
  const keys = ['backend', 'client/24', 'hour'].map(
    (name) => keyNamed(name, localTime) ?? expect.unreachable(name),
  )
  for (const cut of [0, 1, 50, lines.length]) {
    const parts = [lines.slice(0, cut), lines.slice(cut)].map((part) => {
      const totals = new Totals(keys)
      for (const { bytes } of part) totals.add(reader.read(bytes, 0, bytes.length))
      return totals
    }) as [Totals, Totals]
    parts[1].merge(parts[0])
    expect(parts[1].result()).toEqual(totalOf(['backend', 'client/24', 'hour']))
  }
})

describe('clients by network', () => {
  const of = (name: string, client: string): unknown =>
    keyNamed(name, localTime)?.of({ client, partial: false }, undefined)
  test.each([
    ['client/24', '192.0.2.77', '192.0.2.0/24'],
    ['client/32', '192.0.2.77', '192.0.2.77/32'],
    ['client/0', '192.0.2.77', '0.0.0.0/0'],
    ['client/20', '10.1.255.3', '10.1.240.0/20'],
    ['client/24', '::ffff:192.0.2.77', '192.0.2.0/24'],
    ['client/24', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['client/56', '2001:db8:1:2ff:3:4:5:6', '2001:db8:1:200::/56'],
    ['client/24', 'unix', 'unix'],
    ['client', '2001:db8::1', '2001:db8::1'],
  ])('%s of %s', (name, client, network) => {
    expect(of(name, client)).toBe(network)
  })

  test.each(['client/129', 'client/', 'client/x', 'clients', 'constructor', ''])('%s is no key', (name) => {
    expect(keyNamed(name, localTime)).toBeUndefined()
  })
})
