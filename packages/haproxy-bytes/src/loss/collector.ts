import { type Delta, type Snapshot, subtract } from '../counters/index.ts'
import { Generations } from './generations.ts'
import { Neighbours } from './neighbours.ts'
import { readLossReport } from './report.ts'
import type { TimedReport } from './reports.ts'
import { RunningCounts } from './running-counts.ts'

/** Of a line that arrived, what a ledger asks for. */
export interface ArrivedLine {
  readonly frontend?: string
  readonly backend?: string
  readonly bytesOut?: number
  /** Milliseconds of UTC. */
  readonly instant?: number
  readonly logCounter?: number
  readonly requestCounter?: number
  /** Logged before its end: its bytes are not all. */
  readonly partial: boolean
}

export interface LineSums {
  readonly lines: number
  readonly bytesOut: bigint
  readonly partial: number
}

interface FrontendLines {
  lines: number
  /** Lines with %lc. */
  counted: number
  bytesOut: bigint
  partial: number
}

/** Names come from the log: of more than so many frontends the rest is taken together. */
const MOST_FRONTENDS = 10_000

/** Takes in all that tells of lost lines, in any order. */
export class LossCollector {
  readonly logCounters = new Generations()
  readonly requestCounters = new Generations()
  readonly neighbours = new Neighbours()
  readonly running = new RunningCounts()
  readonly reports: TimedReport[] = []
  readonly frontends = new Map<string, FrontendLines>()
  readonly pids = new Set<number>()
  lines = 0
  /** Lines that arrived, and of which nothing could be read. */
  unread = 0
  from = Number.POSITIVE_INFINITY
  until = Number.NEGATIVE_INFINITY
  #counters: Delta | undefined
  #between: ((frontend: string) => LineSums) | undefined

  get counters(): Delta | undefined {
    return this.#counters
  }

  /** A transfer's line, and who wrote it as far as its envelope says. */
  line(line: ArrivedLine, writer: { readonly host?: string; readonly pid?: number } = {}): void {
    const { frontend = '', backend = '', bytesOut, instant, logCounter, requestCounter } = line
    this.lines++
    const own = this.#frontend(frontend)
    own.lines++
    own.bytesOut += BigInt(bytesOut ?? 0)
    if (line.partial) own.partial++
    if (writer.pid !== undefined && this.pids.size < MOST_FRONTENDS) this.pids.add(writer.pid)
    const when = instant ?? this.until
    if (instant !== undefined) {
      this.from = Math.min(this.from, instant)
      this.until = Math.max(this.until, instant)
      if (bytesOut !== undefined && !line.partial) this.neighbours.add(instant, bytesOut, frontend, backend)
    }
    if (logCounter !== undefined) {
      own.counted++
      this.logCounters.add({ ...writer, frontend }, logCounter, when)
    }
    if (requestCounter !== undefined) this.requestCounters.add(writer, requestCounter, when)
  }

  /**
   * Another line that may report a loss. @param message without its envelope
   * @returns whether it told of one
   */
  message(message: string, source: string, instant?: number): boolean {
    if (this.running.add(message, source)) return true
    const report = readLossReport(message)
    if (!report) return false
    this.reports.push({ ...report, source, ...(instant !== undefined && { instant }) })
    return true
  }

  /**
   * What HAProxy counted between two looks. @param lines of a frontend between them, where the logs reach further
   */
  snapshots(before: Snapshot, after: Snapshot, lines?: (frontend: string) => LineSums): void {
    this.#counters = subtract(before, after)
    this.#between = lines
  }

  /** Lines of a frontend that the counters count too. */
  countedLines(frontend: string): LineSums | undefined {
    return this.#between ? this.#between(frontend) : this.frontends.get(frontend)
  }

  #frontend(name: string): FrontendLines {
    const known = this.frontends.get(name)
    if (known) return known
    if (this.frontends.size >= MOST_FRONTENDS && name !== '') return this.#frontend('')
    const made = { lines: 0, counted: 0, bytesOut: 0n, partial: 0 }
    this.frontends.set(name, made)
    return made
  }
}
