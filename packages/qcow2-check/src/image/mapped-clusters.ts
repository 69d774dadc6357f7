import { COMPRESSED_HIGH, entryOffset } from '../format/index.ts'
import type { L1Table } from './image.ts'
import type { OpenContext } from './open-context.ts'
import { readRange } from './read-range.ts'

/** L2 tables that are looked into. */
const MOST_TABLES = 64
/** Entries of an L1 table that are looked at. */
const MOST_ENTRIES = 2 ** 16

/** A cluster that an L2 entry leads to. */
export interface MappedCluster {
  readonly compressed: boolean
  /** Bytes; of a compressed one its first sectors are somewhere else. */
  readonly host: number
}

/** Clusters that an L1 table leads to, as far as the first L2 tables tell. */
export async function* mappedClusters(
  { source, geometry, fileSize }: Pick<OpenContext, 'source' | 'geometry' | 'fileSize'>,
  { offset, entries }: L1Table,
): AsyncGenerator<MappedCluster> {
  const { clusterSize, l2EntrySize } = geometry
  if (offset === 0) return
  const l1 = viewOf((await readRange(source, offset, Math.min(entries, MOST_ENTRIES) * 8)).bytes)
  let tables = 0
  for (let at = 0; at + 8 <= l1.byteLength && tables < MOST_TABLES; at += 8) {
    const place = entryOffset(l1.getUint32(at), l1.getUint32(at + 4))
    if (place === 0 || place % clusterSize !== 0 || place >= fileSize) continue
    tables++
    const l2 = viewOf((await readRange(source, place, clusterSize)).bytes)
    for (let entry = 0; entry + l2EntrySize <= l2.byteLength; entry += l2EntrySize) {
      const high = l2.getUint32(entry)
      const host = entryOffset(high, l2.getUint32(entry + 4))
      const compressed = (high & COMPRESSED_HIGH) !== 0
      if (compressed || host !== 0) yield { compressed, host }
    }
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
