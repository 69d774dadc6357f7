import {
  AUTOCLEAR,
  BITMAP_ENTRY_HEADER,
  bitmapEntryLengths,
  EXTENSION,
  type Geometry,
  LIMITS,
} from '../format/index.ts'
import type { Image } from '../image/image.ts'
import { bitmapsExtensionEdits } from './bitmaps-extension.ts'
import { ClusterSet } from './cluster-set.ts'
import type { Draft, Edit } from './draft.ts'
import type { FreeSpace } from './free-space.ts'
import { readPadded } from './read-padded.ts'

/** The directory of bitmaps that is in force. */
export interface BitmapDirectory {
  /** As they stand there, with padding. */
  readonly entries: readonly Uint8Array[]
  readonly clusters: ClusterSet
}

export async function readDirectory(draft: Draft, image: Image): Promise<BitmapDirectory> {
  const { header, owned, extensions, geometry } = image
  const clusters = new ClusterSet()
  const range = owned.find(({ kind }) => kind === 'bitmap-directory')
  const own = extensions.some(({ type }) => type === EXTENSION.bitmaps)
  if (range === undefined || !own || (header.autoclearFeatures & AUTOCLEAR.bitmaps) === 0n)
    return { entries: [], clusters }
  const first = range.offset / geometry.clusterSize
  clusters.addRange({ first, count: Math.ceil(range.length / geometry.clusterSize) })
  const bytes = await readPadded(draft.overlay, range.offset, range.length)
  const entries: Uint8Array[] = []
  for (let at = 0; at + BITMAP_ENTRY_HEADER <= bytes.length; ) {
    const { total } = bitmapEntryLengths(bytes.subarray(at))
    entries.push(bytes.slice(at, at + total))
    at += total
  }
  return { entries, clusters }
}

/**
 * A new directory, and the header that names it; the old one stays what it is until then. Without entries the header
 * names none.
 *
 * @returns undefined if there is no room for it
 */
export async function directoryEdits(
  draft: Draft,
  image: Image,
  entries: readonly Uint8Array[],
  space: FreeSpace,
): Promise<readonly Edit[] | undefined> {
  const { geometry } = image
  const { clusterSize } = geometry
  const size = entries.reduce((sum, { length }) => sum + length, 0)
  if (entries.length > LIMITS.bitmaps || size > LIMITS.bitmapDirectory) return undefined
  const cluster = await readPadded(draft.overlay, 0, clusterSize)
  if (entries.length === 0) return bitmapsExtensionEdits(image, cluster, undefined)
  const bytes = new Uint8Array(Math.ceil(size / clusterSize) * clusterSize)
  let at = 0
  for (const entry of entries) {
    bytes.set(entry, at)
    at += entry.length
  }
  const offset = await takeApart(space, bytes.length / clusterSize, geometry)
  if (offset === undefined) return undefined
  const links = bitmapsExtensionEdits(image, cluster, {
    count: entries.length,
    reserved: 0,
    directorySize: BigInt(size),
    directoryOffset: BigInt(offset),
  })
  return links && [{ offset, bytes, phase: 'append' }, ...links]
}

/** Clusters whose refcounts share no byte with those of others, which may change in a later phase. */
export async function takeApart(
  space: FreeSpace,
  count: number,
  { clusterSize, refcountOrder }: Geometry,
): Promise<number | undefined> {
  const perByte = Math.max(1, 8 >> refcountOrder)
  const offset = await space.take(Math.ceil(count / perByte) * perByte + perByte - 1)
  return offset === undefined ? undefined : Math.ceil(offset / clusterSize / perByte) * perByte * clusterSize
}
