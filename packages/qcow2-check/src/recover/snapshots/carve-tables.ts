import { isZero } from '../../format/zeros.ts'
import type { CarvedEntry } from '../evidence.ts'
import type { Budget } from '../reading/budget.ts'
import type { ByteRange } from '../reading/candidate-ranges.ts'
import type { ClusterReader } from '../reading/cluster-reader.ts'
import type { TableRules } from '../reading/table-rules.ts'
import { carveEntries, LONGEST_ENTRY } from './carved-entries.ts'

/** Entries that follow one another without a gap. */
export interface CarvedTable {
  readonly offset: number
  readonly length: number
  readonly entries: readonly CarvedEntry[]
}

/** Bytes of a cluster that hold some entries of a table if it holds any. */
const HEAD = 4096
/** Bytes that are searched to the last one; of more, only the beginnings of clusters, where whole tables are. */
const SEARCHED_WHOLE = 2 ** 30

/**
 * Finds snapshot tables, and what is left of them, in ranges of the file.
 *
 * @param ranges bytes, from the beginning of a cluster; what they have in common is found once
 */
export async function carveTables(
  ranges: readonly ByteRange[],
  reader: ClusterReader,
  budget: Budget,
  rules: TableRules,
): Promise<CarvedTable[]> {
  const found = new Map<number, CarvedEntry>()
  const total = ranges.reduce((sum, { length }) => sum + length, 0)
  const { clusterSize } = rules.geometry
  const searched =
    total > SEARCHED_WHOLE && clusterSize > HEAD ? beginnings(reader.byHoles(ranges), clusterSize) : ranges
  await reader.pieces(searched, LONGEST_ENTRY, (offset, bytes, length) => {
    if (isZero(bytes)) return
    for (const entry of carveEntries(bytes, offset, length, rules))
      if (!found.has(entry.offset) && budget.take('candidates')) found.set(entry.offset, entry)
  })
  return chain([...found.values()].sort((a, b) => a.offset - b.offset))
}

function* beginnings(
  pieces: Iterable<ByteRange & { readonly hole: boolean }>,
  clusterSize: number,
): Iterable<ByteRange> {
  for (const { offset, length, hole } of pieces)
    for (let at = 0; at < length && !hole; at += clusterSize)
      yield { offset: offset + at, length: Math.min(HEAD, length - at) }
}

function chain(entries: readonly CarvedEntry[]): CarvedTable[] {
  const tables: CarvedTable[] = []
  let current: CarvedEntry[] = []
  const end = () => {
    const first = current[0]
    const last = current.at(-1)
    if (first && last)
      tables.push({
        offset: first.offset,
        length: last.offset + last.length - first.offset,
        entries: current,
      })
    current = []
  }
  for (const entry of entries) {
    const previous = current.at(-1)
    // An entry within an entry is its name or its extra data.
    if (previous && entry.offset < previous.offset + previous.length) continue
    if (previous && entry.offset !== previous.offset + previous.length) end()
    current.push(entry)
  }
  end()
  return tables
}
