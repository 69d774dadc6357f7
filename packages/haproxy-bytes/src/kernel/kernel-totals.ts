import type { Zone } from '../clock/index.ts'
import { LONGEST_LINE } from '../lines/index.ts'
import type { LogFormat } from '../log-format/index.ts'
import type { Group, Key, TimeSpan } from '../totals/index.ts'
import type { Reading } from '../transfer/index.ts'
import { COUNTED } from '../transfer/line-reader.ts'
import { type CountedLines, Counters } from './counters.ts'
import { Envelopes } from './envelopes.ts'
import { Kernel } from './kernel.ts'
import type { HandedLines } from './kernel-splitter.ts'
import { MOST_HANDED } from './layout.ts'
import { Minutes } from './minutes.ts'
import type { Source } from './program.ts'
import { Records } from './records.ts'

/** Lines of a format that are read before it is compiled: two or three of a kind are no log of it. */
const WORTH_COMPILING = 8
const LINE_FEED = 0x0a
const MINUTE = 60_000
/** Zones change on quarters of an hour: longer groups of time are made of these. */
const QUARTER = 15 * MINUTE

const SOURCES: Readonly<Record<string, Source | undefined>> = {
  frontend: 'frontend',
  backend: 'backend',
  server: 'server',
  client: 'client',
  status: 'status',
  state: 'state',
  minute: 'time',
  hour: 'time',
  day: 'time',
  month: 'time',
  year: 'time',
}

/** Where goes what the lines tell that were taken. */
export interface TakenSink {
  addGroups(groups: Iterable<Group>): void
  addCounted(counted: readonly CountedLines[]): void
}

export interface KernelTotalsSettings {
  readonly formats: readonly LogFormat[]
  readonly keys: readonly Key[]
  readonly into: TakenSink
  readonly span?: TimeSpan
  /** Names of further fields that must be without doubt. */
  readonly asked?: readonly string[]
  /** Whether numbers of %lc are wanted. */
  readonly logCounters?: boolean
  /** Of times that name none. */
  readonly zone: Zone
}

/** Sums of the lines that the kernel takes; it learns from those that it hands over. */
export class KernelTotals {
  into: TakenSink
  readonly #kernel: Kernel
  readonly #keys: readonly Key[]
  readonly #records: Records
  readonly #envelopes: Envelopes
  readonly #minutes: Minutes
  /** Lines of each format that were handed over; those of compiled ones are not counted any more. */
  readonly #seen = new Map<number, number>()
  readonly #compiled: number[] = []
  readonly #counters: Counters
  #patience = 1
  /** The address behind the line that was handed over last. */
  #handedTo = 0

  private constructor(kernel: Kernel, { keys, zone, into }: KernelTotalsSettings) {
    this.into = into
    this.#kernel = kernel
    this.#keys = keys
    const memory = (): ArrayBuffer => kernel.memory.buffer
    this.#records = new Records(kernel.memory)
    this.#envelopes = new Envelopes(memory, kernel.countsQuotes)
    this.#counters = new Counters(memory)
    this.#minutes = new Minutes(memory, zone)
    kernel.patience = 1
  }

  /** Undefined where the kernel can't help: a key it doesn't know, formats it doesn't take, no WebAssembly. */
  static for(settings: KernelTotalsSettings): KernelTotals | undefined {
    const { formats, keys, span, asked = [], logCounters = false } = settings
    const sources = keys.map(({ name }) => SOURCES[name.replace(/^client\/.*/, 'client')])
    if (sources.includes(undefined)) return undefined
    const hasSpan = span?.since !== undefined || span?.until !== undefined
    const kernel = Kernel.for(formats, {
      sources: [...new Set(sources as Source[])],
      time: hasSpan || sources.includes('time'),
      certain: new Set([...COUNTED, ...asked, ...(logCounters ? ['lc'] : [])]),
      logCounters,
      unit: keys.some(({ name }) => name === 'minute') ? MINUTE : QUARTER,
      ...(hasSpan && {
        span: {
          since: span.since ?? Number.NEGATIVE_INFINITY,
          until: span.until ?? Number.POSITIVE_INFINITY,
        },
      }),
    })
    return kernel && new KernelTotals(kernel, settings)
  }

  get memory(): ArrayBuffer {
    return this.#kernel.memory.buffer
  }

  /** Takes whole lines between two addresses of the memory. @param base offset in the text of address 0 */
  take(from: number, to: number, consumer: HandedLines, base: number): void {
    let at = from
    this.#handedTo = from
    while (at < to) {
      at = this.#compiled.length === 0 ? this.#handFirst(at, to, consumer, base) : this.#kernel.take(at, to)
      this.#hand(consumer, base)
      this.#counters.take()
      if (this.#records.isNearEnd || this.#records.isFull) this.drain()
      else this.#records.makeRoom()
    }
    this.#tellPassed(to, consumer)
  }

  /** Gives away what was taken, and begins anew. */
  drain(): void {
    const { sources, unit } = this.#kernel.settings
    this.into.addCounted(this.#counters.drain(this.#records.owners()))
    const groups = this.#records.drain(
      sources,
      unit,
      (transfer) => this.#keys.map((key) => key.of(transfer, undefined)),
      (format) => this.#kernel.hasBytesIn(format),
    )
    this.into.addGroups(groups)
  }

  #hand(consumer: HandedLines, base: number): void {
    let learned = false
    for (const [from, to] of this.#kernel.handed()) {
      if (this.#handLine(from, to, consumer, base)) learned = true
    }
    // Where nothing can be learned, lines are handed over in handfuls.
    this.#patience = learned ? 1 : Math.min(this.#patience * 2, MOST_HANDED)
    this.#kernel.patience = this.#patience
  }

  /** Whether the kernel will take more lines for it. */
  #handLine(from: number, to: number, consumer: HandedLines, base: number): boolean {
    this.#tellPassed(from, consumer)
    this.#handedTo = to + 1
    if (to - from > LONGEST_LINE) {
      consumer.overlong?.(to - from, base + from)
      return false
    }
    const bytes = new Uint8Array(this.memory)
    const reading = consumer.line(bytes, from, to, base + from)
    return reading.kind === 'transfer' && this.#learn(reading, bytes, from, to)
  }

  #learn(
    reading: Extract<Reading, { kind: 'transfer' }>,
    bytes: Uint8Array,
    from: number,
    to: number,
  ): boolean {
    const { format } = reading
    if (!this.#kernel.takes(format)) return false
    const envelope = this.#envelopes.learn(bytes, from, to)
    const minute = this.#kernel.settings.time && this.#minutes.learn(bytes, from, to)
    if (this.#compiled.includes(format)) return envelope || minute
    const seen = (this.#seen.get(format) ?? 0) + 1
    this.#seen.set(format, seen)
    if (seen < WORTH_COMPILING) return true
    this.#compiled.push(format)
    this.#kernel.compile(this.#compiled)
    return true
  }

  /** Before any format is compiled: one line. */
  #handFirst(from: number, to: number, consumer: HandedLines, base: number): number {
    const bytes = new Uint8Array(this.memory)
    const end = bytes.indexOf(LINE_FEED, from)
    this.#handLine(from, Math.min(end, to), consumer, base)
    return end + 1
  }

  /** Of the lines that the kernel took before this place, the last one. */
  #tellPassed(before: number, consumer: HandedLines): void {
    if (!consumer.passed || before === this.#handedTo) return
    const bytes = new Uint8Array(this.memory)
    consumer.passed(bytes, bytes.lastIndexOf(LINE_FEED, before - 2) + 1, before - 1)
  }
}
