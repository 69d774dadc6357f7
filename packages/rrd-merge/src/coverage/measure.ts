import {
  type Archive,
  firstRowTime,
  isCyclicState,
  lastRowTime,
  oldestRow,
  type Rrd,
  type RrdHeader,
} from '../format/index.ts'
import { GapCollector } from './gaps.ts'
import type { ArchiveCoverage, TimeRange } from './types.ts'

const DEFAULT_GAPS = 200

/** What an archive knows, row by row: 1 to 4 bytes a row, so the file itself can be let go (or merged into). */
export interface MeasuredArchive {
  readonly summary: Omit<ArchiveCoverage, 'strip'>
  /** Known cells of each row, oldest row first; null for cyclic archives. */
  readonly knownPerRow: Uint8Array | Uint16Array | Uint32Array | null
}

/** A file's coverage before it is laid on a time axis. */
export interface Measurement {
  readonly step: number
  readonly lastUpdate: number
  readonly dataSources: readonly string[]
  readonly archives: readonly MeasuredArchive[]
}

export interface MeasureOptions {
  /** Gaps kept per archive, the longest ones; default 200. All are counted. */
  readonly maxGaps?: number
}

/** Counts what each archive knows. Pure; reads each cell once or twice. */
export function measure(rrd: Rrd, { maxGaps = DEFAULT_GAPS }: MeasureOptions = {}): Measurement {
  const { header, cells } = rrd
  const dataSources = header.dataSources.map((source) => source.name)
  return {
    step: header.step,
    lastUpdate: header.lastUpdate,
    dataSources,
    archives: header.archives.map((archive, index) => {
      const values = cells[index] ?? new Float64Array(0)
      return measureArchive({ header, archive, index, values, dataSources, maxGaps })
    }),
  }
}

interface Subject {
  readonly header: RrdHeader
  readonly archive: Archive
  readonly index: number
  readonly values: Float64Array
  readonly dataSources: readonly string[]
  readonly maxGaps: number
}

function measureArchive(subject: Subject): MeasuredArchive {
  const { header, archive, index, values, dataSources } = subject
  const rows = archive.rowCount
  const cyclic = isCyclicState(archive.cf)
  const { perRow, perSource, known } = count(archive, values, dataSources.length)
  const cells = rows * dataSources.length
  const living = perSource.reduce((sum, n) => sum + (n > 0 ? 1 : 0), 0)
  const base = { index, cf: archive.cf, span: archive.span, rows, cyclic, cells, known }
  const share = cells === 0 ? 1 : known / cells
  const neverKnown = living === 0 ? [] : dataSources.filter((_, source) => perSource[source] === 0)
  if (cyclic) {
    const none = { firstRow: null, lastRow: null, firstKnown: null, lastKnown: null, gaps: [], gapCount: 0 }
    return { summary: { ...base, ...none, share, neverKnown }, knownPerRow: null }
  }
  const lastRow = lastRowTime(archive, header)
  const firstRow = firstRowTime(archive, header)
  const timeOf = (row: number): number | null => (row < 0 ? null : firstRow + row * archive.span)
  const counted = dataSources.flatMap((_, source) =>
    living === 0 || perSource[source] !== 0 ? [source] : [],
  )
  const { gaps, gapCount } = collectGaps(subject, perRow, counted, firstRow)
  return {
    summary: {
      ...base,
      firstRow,
      lastRow,
      firstKnown: timeOf(perRow.findIndex((n) => n > 0)),
      lastKnown: timeOf(lastKnownRow(perRow)),
      share,
      neverKnown,
      gaps,
      gapCount,
    },
    knownPerRow: perRow,
  }
}

function count(archive: Archive, values: Float64Array, sources: number) {
  const rows = archive.rowCount
  const perRow =
    sources < 256 ? new Uint8Array(rows) : sources < 65_536 ? new Uint16Array(rows) : new Uint32Array(rows)
  const perSource = new Float64Array(sources)
  let known = 0
  let at = oldestRow(archive) * sources
  for (let row = 0; row < rows; row++) {
    let inRow = 0
    for (let source = 0; source < sources; source++, at++) {
      if (!Number.isNaN(values[at])) {
        inRow++
        ;(perSource[source] as number)++
      }
    }
    if (at >= rows * sources) at = 0
    perRow[row] = inRow
    known += inRow
  }
  return { perRow, perSource, known }
}

function collectGaps(
  { archive, values, dataSources, maxGaps }: Subject,
  perRow: Uint8Array | Uint16Array | Uint32Array,
  counted: readonly number[],
  firstRow: number,
) {
  const collector = new GapCollector(maxGaps)
  for (let row = 0; row < perRow.length; row++) {
    const known = perRow[row] as number
    if (known === counted.length) {
      collector.known(row)
      continue
    }
    const at = ((oldestRow(archive) + row) % archive.rowCount) * dataSources.length
    const extent = known === 0 ? 'all' : 'some'
    const concerned =
      extent === 'all' ? counted : counted.filter((source) => Number.isNaN(values[at + source]))
    collector.unknown(row, extent, counted.length - known, concerned)
  }
  return collector.finish({ firstRow, span: archive.span, rows: perRow.length }, dataSources)
}

function lastKnownRow(perRow: Uint8Array | Uint16Array | Uint32Array): number {
  let row = perRow.length - 1
  while (row >= 0 && perRow[row] === 0) row--
  return row
}

/** The time that all archives of these files cover together, or null where none holds history. */
export function coveredRange(measurements: readonly Measurement[]): TimeRange | null {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  for (const { archives } of measurements) {
    for (const { summary } of archives) {
      if (summary.firstRow === null || summary.lastRow === null || summary.rows === 0) continue
      from = Math.min(from, summary.firstRow - summary.span)
      to = Math.max(to, summary.lastRow)
    }
  }
  return from < to ? { from, to } : null
}
