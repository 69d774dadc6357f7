import type { Survey } from '../check/survey.ts'
import {
  BITMAP_ALL_ONES_LOW,
  BITMAP_ENTRY_HEADER,
  BITMAP_TABLE_RESERVED_HIGH,
  BITMAP_TABLE_RESERVED_LOW,
  type BitmapEntry,
  bitmapEntryLengths,
  decodeBitmapEntry,
  decodeBitmapsExtension,
  entryOffset,
} from '../format/index.ts'
import { entryFault, isPin, tableEntriesFor } from '../image/index.ts'
import { ClusterSet } from './cluster-set.ts'
import { readPadded } from './read-padded.ts'

/** Leaked clusters that are searched for a directory. */
const MOST_SEARCHED = 4096
const OFFSET_BITS = 56

/**
 * Leaked clusters that are proven to be bitmaps', though nothing leads to them any more: a cluster that reads as the
 * whole directory, entry by entry; a table that is a bit or an alignment away from where its entry says, and as long as
 * the disk takes; and what such tables name, if that is leaked too.
 *
 * @param extension data of the header extension "bitmaps", 24 bytes
 */
export async function lostBitmaps(survey: Survey, extension: Uint8Array): Promise<ClusterSet> {
  const { geometry } = survey.image
  const { clusterSize } = geometry
  const { count, directoryOffset } = decodeBitmapsExtension(extension)
  const found = new ClusterSet()
  const own = Number(directoryOffset) / clusterSize
  const inPlace = Number.isInteger(own) && own > 0 && own < survey.clusters
  let place = inPlace ? own : undefined
  let entries = place === undefined ? undefined : await directoryAt(survey, place, count)
  if (entries === undefined) {
    const others: { cluster: number; entries: readonly BitmapEntry[] }[] = []
    let searched = 0
    for (const range of survey.leaked)
      for (let cluster = range.first; cluster < range.first + range.count; cluster++) {
        if (++searched > MOST_SEARCHED) return found
        const whole = await directoryAt(survey, cluster, count)
        if (whole?.every((entry) => entryFault(entry, clusterSize, survey.image.virtualSize) === undefined))
          others.push({ cluster, entries: whole })
      }
    if (others.length !== 1) return found
    place = others[0]?.cluster
    entries = others[0]?.entries
  }
  if (place === undefined || entries === undefined) return found
  let whole = true
  for (const entry of entries) {
    if (isPin(entry, new TextDecoder().decode(entry.name))) continue
    const tables: (readonly number[])[] = []
    for (const offset of near(entry.tableOffset, clusterSize)) {
      const clusters = await tableAt(survey, offset, entry)
      if (clusters !== undefined) tables.push(clusters)
    }
    if (tables.length === 1) for (const cluster of tables[0] ?? []) found.add(cluster)
    else whole = false
  }
  // Of a directory that was found by its shape the tables are the proof.
  if (whole && isLeaked(survey, place)) found.add(place)
  return found
}

function isLeaked({ clusters, stored, referenced }: Survey, cluster: number): boolean {
  return cluster > 0 && cluster < clusters && stored(cluster) > 0 && referenced(cluster) === 0
}

/** The entries of a directory of one cluster, if it has as many as it should, and then nothing. */
async function directoryAt(
  { image }: Survey,
  cluster: number,
  count: number,
): Promise<readonly BitmapEntry[] | undefined> {
  const { clusterSize } = image.geometry
  if (count === 0 || count * BITMAP_ENTRY_HEADER > clusterSize) return undefined
  const bytes = await readPadded(image.source, cluster * clusterSize, clusterSize)
  const entries: BitmapEntry[] = []
  let at = 0
  while (entries.length < count) {
    const rest = bytes.subarray(at)
    if (rest.length < BITMAP_ENTRY_HEADER) return undefined
    const { total } = bitmapEntryLengths(rest)
    if (total > rest.length) return undefined
    const entry = decodeBitmapEntry(rest.subarray(0, total))
    if (entry.type !== 1 || entry.name.length === 0 || entry.extraData.length > 0) return undefined
    entries.push(entry)
    at += total
  }
  return bytes.subarray(at).every((byte) => byte === 0) ? entries : undefined
}

/** Offsets that could have been meant: this one, aligned down, or with one bit the other way. */
function near(offset: bigint, clusterSize: number): readonly number[] {
  const offsets = new Set([offset, offset - (offset % BigInt(clusterSize))])
  for (let bit = 0; bit < OFFSET_BITS; bit++) offsets.add(offset ^ (1n << BigInt(bit)))
  return [...offsets].filter((one) => one > 0n && one % BigInt(clusterSize) === 0n).map(Number)
}

/** The clusters of a table and those it names, if it can be one and nobody else has any of them. */
async function tableAt(
  survey: Survey,
  offset: number,
  { tableOffset, tableSize, granularityBits }: BitmapEntry,
): Promise<readonly number[] | undefined> {
  const { source, geometry, virtualSize } = survey.image
  const { clusterSize } = geometry
  if (tableSize !== tableEntriesFor(virtualSize, granularityBits, clusterSize)) return undefined
  const first = offset / clusterSize
  const length = Math.ceil((tableSize * 8) / clusterSize)
  const clusters = Array.from({ length }, (_, at) => first + at)
  if (!clusters.every((cluster) => isLeaked(survey, cluster))) return undefined
  const bytes = await readPadded(source, offset, length * clusterSize)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at < bytes.length; at += 8) {
    const [high, low] = [view.getUint32(at), view.getUint32(at + 4)]
    // Where the entry says so the rest of the cluster is whatever was there; elsewhere it is a sign.
    if (at >= tableSize * 8 && BigInt(offset) === tableOffset) break
    if (at >= tableSize * 8 && (high !== 0 || low !== 0)) return undefined
    const target = entryOffset(high, low) / clusterSize
    const reserved = (high & BITMAP_TABLE_RESERVED_HIGH) !== 0 || (low & BITMAP_TABLE_RESERVED_LOW) !== 0
    if (reserved || (target !== 0 && (low & BITMAP_ALL_ONES_LOW) !== 0)) return undefined
    if (target === 0) continue
    if (!isLeaked(survey, target)) return undefined
    clusters.push(target)
  }
  return clusters
}
