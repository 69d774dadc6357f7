import { LogClock, type Zone } from '../clock/index.ts'
import { LossCollector } from '../loss/index.ts'
import { boundsOf, bracket, type CountersGiven, type IncomparableReason, Tally } from '../reconcile/index.ts'
import type { LogLine } from '../scan/index.ts'
import { daemonMessage, latin1, type Reading, readStamp } from '../transfer/index.ts'

/** Takes from each line what tells of lost ones. */
export class LossReader {
  readonly logs = new LossCollector()
  readonly #counters: CountersGiven | undefined
  readonly #tally: Tally
  readonly #clock: LogClock

  /** @param counters undefined: somebody else holds the lines against them */
  constructor(counters: CountersGiven | undefined, zone: Zone) {
    this.#counters = counters
    this.#tally = new Tally(counters ? boundsOf(counters) : [])
    this.#clock = new LogClock(zone, () => (Number.isFinite(this.logs.until) ? this.logs.until : Date.now()))
  }

  /** @returns whether a log daemon wrote it */
  line(reading: Reading, line: LogLine): boolean {
    if (reading.kind !== 'transfer') {
      const told = this.message(line)
      if (!told && reading.kind !== 'other') this.logs.unread++
      return told
    }
    const { transfer, envelope } = reading
    const host = envelope.host && latin1(line.bytes, ...envelope.host)
    const { pid } = envelope
    this.logs.line(transfer, { ...(host !== undefined && { host }), ...(pid !== undefined && { pid }) })
    if (this.#counters) this.#tally.add(transfer, { pid })
    return false
  }

  /** A line that is no transfer. */
  message({ bytes, from, to, path }: LogLine): boolean {
    const message = daemonMessage(bytes, from, to)
    if (!message) return false
    const stamp = readStamp(bytes, message.envelope)
    this.logs.message(message.text, path, stamp && this.#clock.instant(stamp))
    return true
  }

  /** Holds the lines against the counters. Gives why that can't be done, if so. */
  compare(): IncomparableReason | undefined {
    if (!this.#counters) return undefined
    const found = bracket(this.#counters, this.#tally.first, this.#tally.last)
    if (!found) return 'no-start'
    if (!found.delta.comparable) return found.delta.why
    const { pid } = found.after
    // A log of several hosts: those of other processes are in none of these counters.
    const parted = pid !== undefined && this.logs.pids.has(pid) ? pid : undefined
    this.logs.snapshots(found.before, found.after, (proxy) => {
      const name = { service: 'FRONTEND', proxy } as const
      const all = this.#tally.sums(name, found.span)
      const others = this.#tally.ofOthers(name, parted)
      return {
        lines: all.lines - others.lines,
        bytesOut: all.bytesOut - others.bytesOut,
        partial: all.partial - others.partial,
      }
    })
    return undefined
  }
}
