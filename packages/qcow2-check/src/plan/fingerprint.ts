import { createHash } from 'node:crypto'
import type { Survey } from '../check/survey.ts'
import { isZero } from '../format/zeros.ts'
import { distinctDisks, hasTooManyEntries, windowsOf } from './disk-tables.ts'
import type { ImageFingerprint } from './plan.ts'
import { readInto } from './read-padded.ts'
import { readRefcountBlocks } from './refcount-blocks.ts'

/** Bytes of the beginning of the file: header, extensions and backing file name, in their cluster or in what is left of it. */
const MOST_HEADER = 65536

/** Bytes that are read at once. */
const CHUNK = 1024 * 1024

/**
 * What tells this state of an image from any other: sha256 over its length and the metadata that a plan is made from
 * (header cluster, snapshot table, refcount table and blocks, L1 and L2 tables, bitmap tables). Guest data are not in it.
 */
export async function fingerprintOf(survey: Survey, signal?: AbortSignal): Promise<ImageFingerprint> {
  const { image } = survey
  const { clusterSize } = image.geometry
  const hash = createHash('sha256')
  const buffer = new Uint8Array(CHUNK)
  const feed = async (offset: number, length: number) => {
    hash.update(`${offset} ${length}\n`)
    // A torn snapshot entry can claim more than there is.
    const end = Math.min(length, Math.max(0, image.fileSize - offset))
    for (let at = 0; at < end; at += CHUNK) {
      const part = buffer.subarray(0, Math.min(CHUNK, end - at))
      await readInto(image.source, part, offset + at)
      // A sparse file of a few MiB may claim half a million tables of nothing.
      if (isZero(part)) hash.update('0')
      else hash.update('1').update(part)
    }
  }
  hash.update(`qcow2-check ${image.fileSize}\n`)
  await feed(0, Math.min(Math.max(clusterSize, 4096), MOST_HEADER, image.fileSize))
  await feed(image.snapshots.offset, image.snapshots.length)
  await feed(image.refcountTable.offset, image.refcountTable.length)
  const { offsets } = await readRefcountBlocks(survey)
  for (const offset of offsets) if (offset > 0 && offset < image.fileSize) await feed(offset, clusterSize)
  for (const { kind, offset, length } of image.owned)
    if (kind.startsWith('bitmap-') && kind !== 'bitmap-data' && offset < image.fileSize)
      await feed(offset, length)
  // Of what nothing is planned for no table needs to be known.
  const disks = hasTooManyEntries(image) ? [] : distinctDisks(image)
  for (const { l1 } of disks) await feed(l1.offset, l1.entries * 8)
  const seen = new Set<number>()
  for await (const { entries } of windowsOf(image, disks)) {
    signal?.throwIfAborted()
    for (const { l2 } of entries) {
      if (l2 === 0 || seen.has(l2)) continue
      seen.add(l2)
      await feed(l2, clusterSize)
    }
  }
  return { size: image.fileSize, digest: hash.digest('hex') }
}
