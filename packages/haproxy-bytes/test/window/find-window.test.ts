import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Zone } from '../../src/clock/index.ts'
import { type Found, findWindow, type InstantOf, ProbedLines } from '../../src/window/index.ts'
import { randomNumbers } from '../scan/random-log.ts'

const folder = mkdtempSync(join(tmpdir(), 'haproxy-bytes-window-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, 'log')
const UTC = new Zone('UTC')

/** Lines are their instants and fill: what formats and stamps make of lines is not looked at here. */
const LINE = 128
const text = Buffer.alloc(300_000 * LINE, `${'x'.repeat(LINE - 1)}\n`)
const BEGIN = Date.UTC(2026, 10, 21, 10)
const SECOND = 1000

/** Ends of transfers, 50 a second, in the order of their lines, which come up to so many ms too late. */
function inOrder(random: () => number, count: number, shuffled = 0): number[] {
  let at = BEGIN
  const lines = Array.from({ length: count }, () => {
    at += Math.floor(-20 * Math.log(1 - random()))
    return { at, written: at + random() * shuffled }
  })
  return lines.sort((a, b) => a.written - b.written).map((line) => line.at)
}

interface Window {
  readonly since: number
  readonly until: number
}

function search(instants: readonly number[], span: Window, zone = UTC) {
  for (const [line, instant] of instants.entries()) text.write(String(instant), line * LINE)
  writeFileSync(path, text.subarray(0, instants.length * LINE))
  const descriptor = openSync(path, 'r')
  try {
    const instantOf: InstantOf = (bytes, from) =>
      Number(Buffer.from(bytes.subarray(from, from + 13)).toString())
    // Most transfers take no time, one in seven takes an hour.
    const beginOf: InstantOf = (bytes, from) => {
      const instant = instantOf(bytes, from, from + LINE) as number
      return instant % 7 === 0 ? instant - 3600 * SECOND : instant
    }
    const lines = new ProbedLines(descriptor, instants.length * LINE, instantOf, beginOf)
    return { found: findWindow(lines, span, zone), read: lines.read }
  } finally {
    closeSync(descriptor)
  }
}

/** Lines of the span that a reader of the range doesn't get. */
function missed(instants: readonly number[], { since, until }: Window, found: Found): number {
  if (found.kind !== 'range') return 0
  const { from, to } = found.range
  const isInside = (instant: number): boolean => instant >= since && instant < until
  return instants.filter((instant, line) => isInside(instant) && (line * LINE < from || line * LINE >= to))
    .length
}

/** 80 minutes, 30 MB. */
const LINES = 240_000
const DURATION = LINES * 20
const minuteFrom = (share: number): Window => {
  const since = BEGIN + Math.floor(DURATION * share)
  return { since, until: since + 60 * SECOND }
}

describe('a log in order, lines up to 2 s late', () => {
  test.each([0, 2000])('shuffled by %i ms: the range has all lines of the span', (shuffled) => {
    const random = randomNumbers(shuffled + 1)
    const instants = inOrder(random, LINES, shuffled)
    for (let round = 0; round < 8; round++) {
      const span = minuteFrom(random() * 1.05 - 0.02)
      const { found, read } = search(instants, span)
      expect(found.kind).toBe('range')
      expect(missed(instants, span, found)).toBe(0)
      const { from, to } = (found as Extract<Found, { kind: 'range' }>).range
      const inside = instants.filter((instant) => instant >= span.since && instant < span.until).length
      expect(read + to - from - inside * LINE).toBeLessThan(0.02 * instants.length * LINE)
    }
  })
})

type Kind = (instants: readonly number[], random: () => number, span: Window) => readonly number[]

const without = (instants: readonly number[], from: number, count: number): number[] => [
  ...instants.slice(0, from),
  ...instants.slice(from + count),
]
const inserted = (instants: readonly number[], at: number, lines: readonly number[]): number[] => [
  ...instants.slice(0, at),
  ...lines,
  ...instants.slice(at),
]
const lineAt = (instants: readonly number[], instant: number): number =>
  Math.max(
    instants.findIndex((one) => one >= instant),
    0,
  )
const stepped = (instants: readonly number[], at: number, by: number): number[] =>
  instants.map((instant) => (instant < at ? instant : instant + by))

/** What relays, clocks and operators do to a log. */
const KINDS: readonly [string, Kind][] = [
  [
    'a hundredth of it moved elsewhere',
    (instants, random) => {
      const count = Math.floor(instants.length / 100)
      const from = Math.floor(random() * (instants.length - count))
      const rest = without(instants, from, count)
      return inserted(rest, Math.floor(random() * rest.length), instants.slice(from, from + count))
    },
  ],
  [
    'a relay was away for 15 s in the midst of the span, and delivers anywhere later',
    (instants, random, { since }) => {
      const from = lineAt(instants, since + 20 * SECOND)
      const rest = without(instants, from, 750)
      const place = from + Math.floor(random() * (rest.length - from))
      return inserted(rest, place, instants.slice(from, from + 750))
    },
  ],
  [
    'it was away over all of the span and more',
    (instants, random, { since }) => {
      const from = lineAt(instants, since - 10 * SECOND)
      const rest = without(instants, from, 4000)
      return inserted(rest, Math.floor(random() * rest.length), instants.slice(from, from + 4000))
    },
  ],
  [
    'it delivers line by line between later ones',
    (instants, random, { since }) => {
      const from = lineAt(instants, since + 10 * SECOND)
      const rest = without(instants, from, 1000)
      const place = from + Math.floor(random() * 0.9 * (rest.length - from))
      const live = rest.slice(place, place + 1000)
      const mixed = live.flatMap((line, number) => [line, instants[from + number] as number])
      return [...rest.slice(0, place), ...mixed, ...rest.slice(place + 1000)]
    },
  ],
  [
    'the clock is set back by a minute, within ten minutes of the span',
    (instants, random, { since }) =>
      stepped(instants, since + (random() * 20 - 10) * 60 * SECOND, -60 * SECOND),
  ],
  [
    'the clock is set forth by a minute and back again two minutes later',
    (instants, random, { since }) => {
      const at = since + (random() * 4 - 2) * 60 * SECOND
      return stepped(stepped(instants, at, 60 * SECOND), at + 180 * SECOND, -60 * SECOND)
    },
  ],
  ['a log of another host behind it', (instants, random) => [...instants, ...inOrder(random, 24_000)]],
  ['a log of another host before it', (instants, random) => [...inOrder(random, 24_000), ...instants]],
  [
    'ten lines of the span at its very end',
    (instants, _, { since }) => {
      const from = lineAt(instants, since + 20 * SECOND)
      return [...without(instants, from, 10), ...instants.slice(from, from + 10)]
    },
  ],
  [
    'ten lines of the span at its very beginning',
    (instants, _, { since }) => {
      const from = lineAt(instants, since + 20 * SECOND)
      return [...instants.slice(from, from + 10), ...without(instants, from, 10)]
    },
  ],
  [
    'two hosts, of which one is 30 s behind all the time',
    (instants) => instants.map((instant, line) => instant - (line % 2) * 30 * SECOND),
  ],
  [
    'lines of a tenth of the span, just behind it',
    (instants, _, { since, until }) => {
      const from = lineAt(instants, since + 20 * SECOND)
      const rest = without(instants, from, 300)
      const place = lineAt(rest, until + 10 * SECOND)
      return inserted(rest, place, instants.slice(from, from + 300))
    },
  ],
]

describe('a log out of order is never taken for one in order', () => {
  test.each(KINDS)('%s', (_, kind) => {
    const random = randomNumbers(7)
    const [instants, seen]: [number[], string[]] = [inOrder(random, LINES, 500), []]
    for (let round = 0; round < 6; round++) {
      const span = minuteFrom(0.05 + 0.85 * random())
      const log = kind(instants, random, span)
      const { found } = search(log, span)
      expect(missed(log, span, found)).toBe(0)
      seen.push(found.kind)
    }
    // Disorder that leaves the span alone need not be noticed; some of it has to be.
    expect(seen.some((one) => one !== 'range')).toBe(true)
  })
})

describe('what is no disorder', () => {
  test('a night without traffic beside the span', () => {
    const instants = inOrder(randomNumbers(3), LINES)
    const middle = instants[LINES / 2] as number
    const log = stepped(instants, middle, 8 * 3600 * SECOND)
    const span = minuteFrom(0.2)
    expect(search(log, span).found.kind).toBe('range')
  })

  test('the hour that local clocks repeat', () => {
    // Times of a log without zone, each taken for the earlier of two.
    const back = Date.UTC(2026, 9, 25, 1)
    const instants = inOrder(randomNumbers(4), LINES).map((at) => at - BEGIN + back - 40 * 60 * SECOND)
    const log = instants.map((at) => (at >= back && at < back + 3600 * SECOND ? at - 3600 * SECOND : at))
    const span = { since: back - 30 * 60 * SECOND, until: back - 20 * 60 * SECOND }
    const { found } = search(log, span, new Zone('Europe/Berlin'))
    expect(found.kind).toBe('range')
    expect(missed(log, span, found)).toBe(0)
  })
})
