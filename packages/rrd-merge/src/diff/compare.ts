import { type Archive, isCyclicState, physicalRow, type Rrd, rowRuns } from '../format/index.ts'
import { type StructureDifference, structureDifferences } from './structure.ts'

/** How one archive differs between two files. Counts are cells; times are row times in seconds since 1970. */
export interface ArchiveDifference {
  readonly cf: string
  readonly span: number
  /** Cells of the same row time and data source in both. */
  readonly compared: number
  /** Known in both, with different values. */
  readonly differing: number
  /** Known in one and unknown, or out of range, in the other. */
  readonly onlyA: number
  readonly onlyB: number
  /** First and last row with a difference; null where there is none. */
  readonly from: number | null
  readonly to: number | null
  /** Largest difference of two known values, relative to the larger of them: 0 to 2, or Infinity. */
  readonly largest: number
}

/** What two files differ in; `same` where they know the same, however it lies in the file. */
export interface Difference {
  readonly same: boolean
  readonly structure: readonly StructureDifference[]
  readonly archives: readonly ArchiveDifference[]
}

/**
 * Compares what two RRDs know, whatever architecture, version or row order they have. Unknown equals unknown; values are
 * equal to the bit, but for 0 and -0. Cyclic state (SEASONAL and the like) has no row times and is not compared.
 */
export function compareRrds(a: Rrd, b: Rrd): Difference {
  const structure = structureDifferences(a.header, b.header)
  const taken = new Set<number>()
  const archives = a.header.archives.flatMap((archive, index) => {
    if (isCyclicState(archive.cf)) return []
    const partner = b.header.archives.findIndex(
      (other, at) => !taken.has(at) && other.cf === archive.cf && other.span === archive.span,
    )
    if (partner < 0) return []
    taken.add(partner)
    return [compareArchive(a, index, b, partner)]
  })
  const differs = archives.some(({ differing, onlyA, onlyB }) => differing + onlyA + onlyB > 0)
  return { same: !differs && structure.length === 0, structure, archives }
}

function compareArchive(a: Rrd, indexA: number, b: Rrd, indexB: number): ArchiveDifference {
  const { cf, span } = a.header.archives[indexA] as Archive
  const count = { compared: 0, differing: 0, onlyA: 0, onlyB: 0, largest: 0, from: Infinity, to: -Infinity }
  const note = (time: number): void => {
    count.from = Math.min(count.from, time)
    count.to = Math.max(count.to, time)
  }
  for (const { time, known, other, partner } of cellPairs(a, indexA, b, indexB)) {
    if (partner) count.compared++
    if (known === other || (Number.isNaN(known) && Number.isNaN(other))) continue
    if (Number.isNaN(other)) count.onlyA++
    else if (Number.isNaN(known)) count.onlyB++
    else {
      count.differing++
      const scale = Math.max(Math.abs(known), Math.abs(other))
      count.largest = Math.max(
        count.largest,
        Number.isFinite(scale) ? Math.abs(known - other) / scale : Infinity,
      )
    }
    note(time)
  }
  for (const { time, known, partner } of cellPairs(b, indexB, a, indexA)) {
    if (partner || Number.isNaN(known)) continue
    count.onlyB++
    note(time)
  }
  const { from, to, ...counts } = count
  return {
    cf,
    span,
    ...counts,
    from: Number.isFinite(from) ? from : null,
    to: Number.isFinite(to) ? to : null,
  }
}

interface CellPair {
  readonly time: number
  readonly known: number
  /** NaN where the other file has no such row or data source. */
  readonly other: number
  readonly partner: boolean
}

/** Each cell of one archive with the other's of the same row time and data source. The object is used again. */
function* cellPairs(mine: Rrd, index: number, theirs: Rrd, indexOther: number): Generator<CellPair> {
  const archive = mine.header.archives[index] as Archive
  const otherArchive = theirs.header.archives[indexOther] as Archive
  const cells = mine.cells[index] as Float64Array
  const otherCells = theirs.cells[indexOther] as Float64Array
  const width = mine.header.dataSources.length
  const otherWidth = theirs.header.dataSources.length
  const columns = mine.header.dataSources.map(({ name }) =>
    theirs.header.dataSources.findIndex((dataSource) => dataSource.name === name),
  )
  for (const run of rowRuns(archive, mine.header)) {
    for (let row = run.start, time = run.time; row < run.end; row++, time += archive.span) {
      const otherRow = physicalRow(otherArchive, theirs.header, time)
      for (const [column, otherColumn] of columns.entries()) {
        const partner = otherRow >= 0 && otherColumn >= 0
        const other = partner ? (otherCells[otherRow * otherWidth + otherColumn] as number) : Number.NaN
        yield { time, known: cells[row * width + column] as number, other, partner }
      }
    }
  }
}
