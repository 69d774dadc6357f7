import {
  BITMAP_ENTRY_HEADER,
  BITMAPS_EXTENSION_LENGTH,
  bitmapEntryLengths,
  decodeBitmapEntry,
  decodeBitmapsExtension,
  LIMITS,
} from '../format/index.ts'
import type { Image } from '../image/image.ts'
import { isPin } from '../image/index.ts'
import { ClusterSet } from './cluster-set.ts'
import { addTargets } from './leaked-content.ts'
import { readPadded } from './read-padded.ts'

/** Bytes of tables that are read: in a hostile directory every entry may name the same, or a hole. */
const MOST_TABLE_BYTES = 2 ** 27

export interface BitmapClusters {
  readonly clusters: ClusterSet
  /** The directory has all entries that the header counts, and each of them a table. */
  readonly whole: boolean
}

/**
 * Clusters of all bitmaps as far as their tables can be followed, whether QEMU would take notice of them or not. Not what
 * a pin keeps: that belongs to somebody.
 *
 * @param extension data of the header extension "bitmaps"
 */
export async function bitmapClusters(image: Image, extension: Uint8Array): Promise<BitmapClusters> {
  const clusters = new ClusterSet()
  const lost = { clusters, whole: false }
  if (extension.length < BITMAPS_EXTENSION_LENGTH) return lost
  const { count, directorySize, directoryOffset } = decodeBitmapsExtension(extension)
  const { source, geometry, fileSize } = image
  const { clusterSize, clusterBits } = geometry
  const size = Number(directorySize)
  const offset = Number(directoryOffset)
  const fits = (at: number, length: number) =>
    at > 0 &&
    at % clusterSize === 0 &&
    length > 0 &&
    at + length <= Math.ceil(fileSize / clusterSize) * clusterSize
  if (size > LIMITS.bitmapDirectory || !fits(offset, size)) return lost
  const own = (at: number, length: number) => {
    for (let one = at; one < at + length; one += clusterSize) clusters.add(one / clusterSize)
  }
  own(offset, size)
  const directory = await readPadded(source, offset, size)
  let tables = 0
  let room = Math.min(fileSize, MOST_TABLE_BYTES)
  for (let at = 0; at + BITMAP_ENTRY_HEADER <= size; ) {
    const entry = decodeBitmapEntry(directory.subarray(at))
    const table = Number(entry.tableOffset)
    const length = entry.tableSize * 8
    if (fits(table, length) && entry.tableSize * clusterSize <= LIMITS.bitmap) {
      if (length > room) return lost
      room -= length
      tables++
      own(table, length)
      if (!isPin(entry, new TextDecoder().decode(entry.name))) {
        const bytes = await readPadded(source, table, length)
        addTargets(bytes, clusterBits, (cluster) => cluster * clusterSize < fileSize, clusters)
      }
    }
    at += bitmapEntryLengths(directory.subarray(at)).total
  }
  return { clusters, whole: tables >= count }
}
