import { type CountedLines, KernelTotals, type TakenSink } from '../kernel/index.ts'
import { LogNotes } from '../notes/index.ts'
import type { LineSink, LogLine, ScannedLog, ScanSettings } from '../scan/index.ts'
import { type Group, type Key, type TimeSpan, Totals } from '../totals/index.ts'
import { latin1, type Reading } from '../transfer/index.ts'
import type { PartialSource } from './partial.ts'

/** Counts each of several logs by itself, line by line as they are read. */
export class SourceCounter implements LineSink {
  readonly #keys: readonly Key[]
  readonly #span: TimeSpan | undefined
  readonly #logs: OneLog[] = []
  /** Of logs that have ended, for those to come. */
  readonly #idle: KernelTotals[] = []

  /** @param span what was asked for, so that a transfer without a time can't be placed */
  constructor(keys: readonly Key[], span?: TimeSpan) {
    this.#keys = keys
    this.#span = span
  }

  begin(log: number, { formats, zone, span, asked = [] }: ScanSettings): KernelTotals | undefined {
    const one = this.#log(log)
    const settings = {
      formats,
      keys: this.#keys,
      into: one,
      zone,
      asked,
      ...(span && { span }),
      logCounters: span === undefined,
    }
    const fast = this.#idle.pop() ?? KernelTotals.for(settings)
    if (fast) fast.into = one
    one.fast = fast
    return fast
  }

  end(log: number): void {
    const one = this.#log(log)
    one.fast?.drain()
    if (one.fast) this.#idle.push(one.fast)
    one.fast = undefined
  }

  line(reading: Reading, line: LogLine): void {
    this.#log(line.log).take(reading, line)
  }

  /** @param logs as `readLogs` gives them */
  sources(logs: readonly ScannedLog[]): PartialSource[] {
    return logs.map(({ identity, from, to }, number) => {
      const one = this.#log(number)
      one.fast?.drain()
      const { lines, groups } = one.totals
      return { identity, from, to, lines, groups, notes: one.notes }
    })
  }

  #log(number: number): OneLog {
    let log = this.#logs[number]
    if (!log) {
      log = new OneLog(this.#keys, this.#span)
      this.#logs[number] = log
    }
    return log
  }
}

class OneLog implements TakenSink {
  readonly totals: Totals
  readonly notes = new LogNotes()
  /** While it is read: sums of its lines that are not in `totals` yet. */
  fast: KernelTotals | undefined
  readonly #spanned: boolean

  constructor(keys: readonly Key[], span: TimeSpan | undefined) {
    this.totals = new Totals(keys, span)
    this.#spanned = span !== undefined
  }

  addGroups(groups: Iterable<Group>): void {
    this.totals.addGroups(groups)
  }

  addCounted(counted: readonly CountedLines[]): void {
    for (const { key, numbers } of counted) this.notes.counters.addAll(key, numbers)
  }

  take(reading: Reading, { bytes, from, to, offset }: LogLine): void {
    this.totals.add(reading, hostOf(reading, bytes))
    if (!this.#spanned || reading.kind !== 'transfer') this.notes.take(reading, offset, bytes, from, to)
    // At the ends of a span lines are left out that have a number between those of others: %lc proves no loss there.
    else if (reading.transfer.instant === undefined) this.notes.unread.add('no-time', offset, bytes, from, to)
  }
}

/** The host that syslog put before a line. */
function hostOf(reading: Reading, bytes: Uint8Array): string | undefined {
  if (reading.kind !== 'transfer' || reading.envelope.host === undefined) return undefined
  return latin1(bytes, ...reading.envelope.host)
}
