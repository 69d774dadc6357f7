import { LogClock, Zone } from '../../src/clock/index.ts'
import { KernelSplitter, KernelTotals } from '../../src/kernel/index.ts'
import { LineSplitter } from '../../src/lines/index.ts'
import { KNOWN_FORMATS, type LogFormat, parseLogFormat } from '../../src/log-format/index.ts'
import { type GroupedTotals, type Key, keyNamed, type TimeSpan, Totals } from '../../src/totals/index.ts'
import { LineReader, type Reading } from '../../src/transfer/index.ts'

export interface Counted {
  readonly result: GroupedTotals
  /** Lines that LineReader read. */
  readonly handed: number
}

export interface Counting {
  readonly formats: readonly LogFormat[]
  readonly names?: readonly string[]
  readonly span?: TimeSpan
  readonly zone?: string
}

export const AUTO = Object.values(KNOWN_FORMATS).map(parseLogFormat)
export const ALL_KEYS = ['frontend', 'backend', 'server', 'client', 'status', 'state']

interface Setting {
  readonly keys: readonly Key[]
  readonly totals: Totals
  readonly read: (bytes: Uint8Array, from: number, to: number) => Reading
}

function setting({ formats, names = [], span = {}, zone = 'UTC' }: Counting): Setting {
  const clock = new LogClock(new Zone(zone), Date.UTC(2026, 11, 1))
  const keys = names.map((name) => {
    const key = keyNamed(name, (instant) => clock.localTime(instant))
    if (!key) throw new Error(name)
    return key
  })
  const reader = new LineReader(formats, (written, hint) => clock.instant(written, hint))
  return { keys, totals: new Totals(keys, span), read: (...line) => reader.read(...line) }
}

/** What LineReader makes of every line. */
export function countPlain(chunks: readonly Uint8Array[], counting: Counting): Counted {
  const { totals, read } = setting(counting)
  let handed = 0
  const splitter = new LineSplitter({
    line: (bytes, from, to) => {
      handed++
      totals.add(read(bytes, from, to))
    },
    overlong: () => totals.add({ kind: 'too-long' }),
  })
  for (const chunk of chunks) splitter.write(chunk)
  splitter.end()
  return { result: totals.result(), handed }
}

/** Whether the kernel takes any of the formats. */
export function isTaken(counting: Counting): boolean {
  const { formats, zone = 'UTC', span = {} } = counting
  const { keys, totals } = setting(counting)
  return KernelTotals.for({ formats, keys, into: totals, span, zone: new Zone(zone) }) !== undefined
}

/** The same with the kernel before it. */
export function countFast(chunks: Iterable<Uint8Array>, counting: Counting): Counted {
  const { keys, totals, read } = setting(counting)
  const { formats, span = {}, zone = 'UTC' } = counting
  const fast = KernelTotals.for({ formats, keys, into: totals, span, zone: new Zone(zone) })
  if (!fast) throw new Error('the kernel takes none of these formats')
  let handed = 0
  const splitter = new KernelSplitter(fast, {
    line: (bytes, from, to) => {
      handed++
      const reading = read(bytes, from, to)
      totals.add(reading)
      return reading
    },
    overlong: () => totals.add({ kind: 'too-long' }),
  })
  for (const chunk of chunks) splitter.write(chunk)
  splitter.end()
  fast.drain()
  return { result: totals.result(), handed }
}

export const textOf = (lines: readonly (Uint8Array | string)[]): Buffer =>
  Buffer.concat(lines.flatMap((line) => [Buffer.from(line as string, 'latin1'), Buffer.from('\n')]))

/** mulberry32 */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
