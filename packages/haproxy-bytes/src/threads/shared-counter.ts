import { type PartialSource, parsePartials, SourceCounter } from '../partial/index.ts'
import type { LogPart, ReadFailure, ScannedLog, ScanResult, ScanSettings } from '../scan/index.ts'
import { GroupTable, type Key, type TimeSpan } from '../totals/index.ts'
import type { ThreadStart } from './messages.ts'
import { runThreads, threadsExist } from './run-threads.ts'
import { unitsOf } from './units.ts'

/** Counts logs on several threads where that is faster; their sums are those of one. */
export class SharedCounter extends SourceCounter {
  readonly #keys: readonly Key[]
  readonly #threads: number
  #counted: PartialSource[] | undefined

  constructor(keys: readonly Key[], span: TimeSpan | undefined, threads: number) {
    super(keys, span)
    this.#keys = keys
    this.#threads = threads
  }

  /** Undefined where one thread does as well. */
  async share(logs: readonly LogPart[], settings: ScanSettings): Promise<ScanResult | undefined> {
    if (this.#threads < 2 || !threadsExist()) return undefined
    const units = unitsOf(logs, this.#threads)
    if (units.length < 2) return undefined
    const { formats, zone, span, seek } = settings
    const start: ThreadStart = {
      formats,
      keys: this.#keys.map(({ name }) => name),
      zone: zone.name,
      ...(span && { span }),
      ...(seek !== undefined && { seek }),
    }
    const scanned: ScannedLog[] = []
    const failures: ReadFailure[] = []
    const sources: PartialSource[] = []
    const count = Math.min(this.#threads, units.length)
    for (const counted of await runThreads(start, units, count, settings)) {
      for (const warning of counted.warnings) settings.onWarning?.(warning)
      scanned.push(counted.log)
      failures.push(...counted.failures)
      const groups = new GroupTable(counted.groups)
      for (const part of parsePartials(counted.rows))
        sources.push(...part.sources.map((source) => ({ ...source, groups })))
    }
    this.#counted = sources
    return { logs: scanned, failures }
  }

  override sources(logs: readonly ScannedLog[]): PartialSource[] {
    return this.#counted ?? super.sources(logs)
  }
}
