import type { Survey } from '../check/survey.ts'
import { REFTABLE_RESERVED_LOW, reftableOffset } from '../format/index.ts'
import { readPadded } from './read-padded.ts'

/** The refcount table, with the blocks that can be believed in. */
export interface RefcountBlocks {
  /** Bytes; 0: there is no table that can be used. */
  readonly tableOffset: number
  /** Entries that the table has room for. */
  readonly capacity: number
  /** Offset of each block, bytes; 0 where there is none, or none that may be written to. */
  readonly offsets: readonly number[]
  /** What the entries say, sound or not, bytes. */
  readonly named: readonly number[]
  /** Indexes of entries that lead to no block, or to one that is also something else. */
  readonly unsound: ReadonlySet<number>
}

/**
 * A table or block that anything else uses is not sound: writing refcounts there would overwrite it. Entries behind the
 * end of the file count only as wrong or not.
 */
export async function readRefcountBlocks(survey: Survey): Promise<RefcountBlocks> {
  const { image } = survey
  const { offset, length } = image.refcountTable
  const { clusterSize } = image.geometry
  const none = { tableOffset: 0, capacity: 0, offsets: [], named: [], unsound: new Set<number>() }
  if (offset === 0 || length === 0) return none
  const bytes = await readPadded(image.source, offset, length)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const named: number[] = []
  for (let at = 0; at < length; at += 8)
    named.push(reftableOffset(view.getUint32(at), view.getUint32(at + 4)))
  // An entry may name its own table: that is the entry's fault.
  const within = new Map<number, number>()
  for (const block of named) {
    if (block < offset || block >= offset + length) continue
    const cluster = Math.floor(block / clusterSize)
    within.set(cluster, (within.get(cluster) ?? 0) + 1)
  }
  for (let cluster = offset / clusterSize; cluster < (offset + length) / clusterSize; cluster++)
    if (survey.referenced(cluster) > 1 + (within.get(cluster) ?? 0)) return none
  const offsets: number[] = []
  const unsound = new Set<number>()
  for (let index = 0; index * 8 < length; index++) {
    const low = view.getUint32(index * 8 + 4)
    const block = named[index] as number
    const whole =
      block % clusterSize === 0 &&
      block + clusterSize <= Math.ceil(image.fileSize / clusterSize) * clusterSize
    const usable = block === 0 || (whole && survey.referenced(block / clusterSize) <= 1)
    const sound = (low & REFTABLE_RESERVED_LOW) === 0 && usable
    if (!sound) unsound.add(index)
    offsets.push(sound ? block : 0)
  }
  return { tableOffset: offset, capacity: length / 8, offsets, named, unsound }
}
