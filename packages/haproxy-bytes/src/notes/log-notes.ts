import { readLossReport } from '../loss/index.ts'
import type { Reading } from '../transfer/index.ts'
import { latin1 } from '../transfer/values.ts'
import { LogCounters } from './log-counters.ts'
import { ReportedLosses } from './reported-losses.ts'
import { UnreadLines } from './unread-lines.ts'

const LONGEST_REPORT = 1024

/** What a log shows beside its sums: lines that were not summed, and lines that never arrived. */
export class LogNotes {
  readonly unread = new UnreadLines()
  readonly losses = new ReportedLosses()
  readonly counters = new LogCounters()

  /**
   * Notes what one line shows. Loss is only believed from another program's line, or HAProxy's own: in one that nobody
   * can read a client could have written it.
   * @param at where the line begins in its log, bytes
   */
  take(reading: Reading, at: number, bytes: Uint8Array, from: number, to: number): void {
    if (reading.kind === 'transfer') {
      const { frontend, logCounter } = reading.transfer
      if (frontend === undefined || logCounter === undefined) return
      const { host, pid = null } = reading.envelope
      this.counters.add({ host: host ? latin1(bytes, ...host) : null, pid, frontend }, logCounter)
    } else if (reading.kind === 'other') {
      const report = readLossReport(latin1(bytes, from, Math.min(to, from + LONGEST_REPORT)))
      if (report) this.losses.add(report)
    } else this.unread.add(reading.kind, at, bytes, from, to)
  }

  /** Takes those of another piece in; pieces of a log come in its order, so that its first samples stay the first. */
  merge(other: LogNotes): void {
    for (const [reason, unread] of other.unread.entries()) this.unread.merge(reason, unread)
    for (const [place, loss] of other.losses.entries()) this.losses.merge(place, loss)
    for (const [key, intervals] of other.counters.entries()) this.counters.merge(key, intervals)
  }
}
