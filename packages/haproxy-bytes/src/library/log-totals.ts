import { warningText } from '../findings/index.ts'
import { logWarnings } from '../notes/index.ts'
import {
  type Merged,
  mergePartials,
  mergeWarnings,
  type PartialResult,
  parsePartials,
  partialRows,
} from '../partial/index.ts'
import { totalDocument } from '../report/total-document.ts'
import type { ToldWarning } from '../report/total-report.ts'
import type { Group, LineCounts, Sums } from '../totals/index.ts'

/** What logs add up to. Bytes are exact at any size. Never changed: a merge is a new one. */
export class LogTotals {
  readonly #parts: readonly PartialResult[]
  readonly #merged: Merged
  #groups: readonly Group[] | undefined

  /** @throws PartialError where parts overlap, or were counted in different ways */
  constructor(parts: readonly PartialResult[]) {
    this.#parts = parts
    this.#merged = mergePartials(parts)
  }

  /** Reads what `toPartial` or `haproxy-bytes total --partial` wrote, one or several after the other. @throws PartialError */
  static fromPartial(text: string): LogTotals {
    return new LogTotals(parsePartials(text.split('\n')))
  }

  /**
   * With others, in any order to the same result. A log counts once, by what is in it: also where it was read again
   * rotated, compressed or grown. @throws PartialError
   */
  merge(...others: readonly LogTotals[]): LogTotals {
    return new LogTotals([...this.#parts, ...others.flatMap((other) => other.#parts)])
  }

  /** Names of the keys by which groups are divided. */
  get keys(): readonly string[] {
    return this.#merged.keys
  }

  /** Lines by what became of them. */
  get lines(): Readonly<LineCounts> {
    return this.#merged.totals.lines
  }

  /** Most bytes first. */
  get groups(): readonly Group[] {
    this.#groups ??= [...this.#merged.totals.groups]
    return this.#groups
  }

  /** All groups together. */
  get sums(): Sums {
    return this.#merged.totals.totals
  }

  /** What somebody should know before a figure is used: codes of docs/codes.md. */
  get warnings(): readonly ToldWarning[] {
    const { totals, notes } = this.#merged
    const found = [...logWarnings(totals.totals, notes), ...mergeWarnings(this.#merged)]
    return found.map(({ code, fields }) => ({ code, message: warningText({ code, fields }), fields }))
  }

  /** As `haproxy-bytes total --json`: an integer beyond 2^53-1 is a decimal string. */
  toJSON(): unknown {
    const { keys, totals } = this.#merged
    const { lines, groups, ...rest } = totalDocument({ keys, totals, warnings: this.warnings })
    const document = { schema: 'haproxy-bytes/total@1', lines, groups: [...groups], ...rest }
    return JSON.parse(JSON.stringify(document, exact))
  }

  /** NDJSON, to be kept or sent and merged later. */
  toPartial(): string {
    const { keys, settings, counted } = this.#merged
    return [...partialRows({ keys, settings, sources: counted })].map((row) => `${row}\n`).join('')
  }
}

const exact = (_: string, value: unknown): unknown =>
  typeof value !== 'bigint' ? value : value <= Number.MAX_SAFE_INTEGER ? Number(value) : value.toString()
