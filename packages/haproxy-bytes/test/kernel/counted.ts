import { LogClock, Zone } from '../../src/clock/index.ts'
import { KernelSplitter, KernelTotals, type TakenSink } from '../../src/kernel/index.ts'
import { LineSplitter } from '../../src/lines/index.ts'
import { KNOWN_FORMATS, type LogFormat, parseLogFormat } from '../../src/log-format/index.ts'
import { LogNotes } from '../../src/notes/index.ts'
import { type GroupedTotals, keyNamed, type TimeSpan, Totals } from '../../src/totals/index.ts'
import { LineReader, type Reading } from '../../src/transfer/index.ts'

export interface Counted {
  readonly result: GroupedTotals & { readonly counters: unknown }
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

const NO_SPAN: TimeSpan = {}

interface Setting {
  readonly totals: Totals
  readonly notes: LogNotes
  readonly fast: () => KernelTotals | undefined
  readonly read: (bytes: Uint8Array, from: number, to: number) => Reading
}

function setting({ formats, names = [], span = NO_SPAN, zone = 'UTC' }: Counting): Setting {
  const clock = new LogClock(new Zone(zone), Date.UTC(2026, 11, 1))
  const keys = names.map((name) => {
    const key = keyNamed(name, (instant) => clock.localTime(instant))
    if (!key) throw new Error(name)
    return key
  })
  const reader = new LineReader(formats, (written, hint) => clock.instant(written, hint))
  const totals = new Totals(keys, span)
  const notes = new LogNotes()
  const into: TakenSink = {
    addGroups: (groups) => totals.addGroups(groups),
    addCounted(counted) {
      for (const { key, numbers } of counted) notes.counters.addAll(key, numbers)
    },
  }
  return {
    totals,
    notes,
    fast: () =>
      KernelTotals.for({ formats, keys, into, span, zone: new Zone(zone), logCounters: span === NO_SPAN }),
    read(bytes, from, to) {
      const reading = reader.read(bytes, from, to)
      totals.add(reading)
      notes.take(reading, 0, bytes, from, to)
      return reading
    },
  }
}

const resultOf = ({ totals, notes }: Setting): Counted['result'] => ({
  ...totals.result(),
  counters: notes.counters.entries(),
})

/** What LineReader makes of every line. */
export function countPlain(chunks: readonly Uint8Array[], counting: Counting): Counted {
  const one = setting(counting)
  let handed = 0
  const splitter = new LineSplitter({
    line: (bytes, from, to) => {
      handed++
      one.read(bytes, from, to)
    },
    overlong: () => one.totals.add({ kind: 'too-long' }),
  })
  for (const chunk of chunks) splitter.write(chunk)
  splitter.end()
  return { result: resultOf(one), handed }
}

/** Whether the kernel takes any of the formats. */
export function isTaken(counting: Counting): boolean {
  return setting(counting).fast() !== undefined
}

/** The same with the kernel before it. */
export function countFast(chunks: Iterable<Uint8Array>, counting: Counting): Counted {
  const one = setting(counting)
  const fast = one.fast()
  if (!fast) throw new Error('the kernel takes none of these formats')
  let handed = 0
  const splitter = new KernelSplitter(fast, {
    line: (bytes, from, to) => {
      handed++
      return one.read(bytes, from, to)
    },
    overlong: () => one.totals.add({ kind: 'too-long' }),
  })
  for (const chunk of chunks) splitter.write(chunk)
  splitter.end()
  fast.drain()
  return { result: resultOf(one), handed }
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
