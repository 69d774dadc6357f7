import type { Gap } from './types.ts'

/** Data sources named in one gap: a file may have thousands. */
const NAMED_DATA_SOURCES = 16

interface OpenGap {
  readonly extent: Gap['extent']
  readonly start: number
  cells: number
  readonly concerned: Set<number>
}

/** A finished run of rows, by chronological row number (0 is the oldest). */
interface Run {
  readonly extent: Gap['extent']
  readonly start: number
  readonly end: number
  readonly cells: number
  readonly concerned: readonly number[]
}

/** Where an archive's rows lie in time. */
export interface RowTimes {
  readonly firstRow: number
  readonly span: number
  readonly rows: number
}

/**
 * Collects the gaps of one archive, fed row by row in order of time. Memory is bounded: of an archive with a
 * million single holes only the longest `limit` are kept, and all are counted.
 */
export class GapCollector {
  #open: OpenGap | null = null
  #runs: Run[] = []
  #count = 0
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  /** A row in which every data source that counts is known. */
  known(row: number): void {
    if (this.#open !== null) this.#close(row)
  }

  /** A row with `cells` unknown cells; `concerned` are the indexes of their data sources. */
  unknown(row: number, extent: Gap['extent'], cells: number, concerned: Iterable<number>): void {
    if (this.#open !== null && this.#open.extent !== extent) this.#close(row)
    this.#open ??= { extent, start: row, cells: 0, concerned: new Set() }
    this.#open.cells += cells
    if (this.#open.concerned.size >= NAMED_DATA_SOURCES) return
    for (const index of concerned) {
      this.#open.concerned.add(index)
      if (this.#open.concerned.size >= NAMED_DATA_SOURCES) return
    }
  }

  #close(end: number): void {
    const { extent, start, cells, concerned } = this.#open as OpenGap
    this.#open = null
    this.#count += 1
    this.#runs.push({ extent, start, end, cells, concerned: [...concerned] })
    if (this.#runs.length >= 2 * this.#limit + 16) this.#keepLongest()
  }

  #keepLongest(): void {
    if (this.#runs.length <= this.#limit) return
    this.#runs.sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start)
    this.#runs.length = this.#limit
  }

  /** The longest gaps in order of time, and how many there were. */
  finish(times: RowTimes, names: readonly string[]): { gaps: Gap[]; gapCount: number } {
    if (this.#open !== null) this.#close(times.rows)
    this.#keepLongest()
    this.#runs.sort((a, b) => a.start - b.start)
    const gaps = this.#runs.map((run): Gap => {
      const from = times.firstRow + (run.start - 1) * times.span
      return {
        from,
        to: from + (run.end - run.start) * times.span,
        rows: run.end - run.start,
        cells: run.cells,
        extent: run.extent,
        position: positionOf(run, times.rows),
        dataSources: run.concerned
          .slice()
          .sort((a, b) => a - b)
          .map((index) => names[index] ?? ''),
      }
    })
    return { gaps, gapCount: this.#count }
  }
}

function positionOf(run: Run, rows: number): Gap['position'] {
  if (run.extent === 'some') return 'hole'
  if (run.start === 0) return run.end === rows ? 'whole' : 'before'
  return run.end === rows ? 'since' : 'hole'
}
