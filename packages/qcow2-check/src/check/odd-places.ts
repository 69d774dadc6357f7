import type { Remedy } from '../findings/index.ts'
import { getRefcount } from '../format/index.ts'
import type { WalkContext } from './walk-context.ts'

const RESTORE: Remedy = { class: 'restore-snapshots', safe: true, lossy: false }
const EXTEND: Remedy = { class: 'extend-file', safe: false, lossy: true }

/** Whether something else lies where the header says that the snapshot table is. */
export function reportOverwrittenTable({ image, roots, store, findings }: WalkContext): void {
  const { header, snapshots, geometry, fileSize } = image
  const offset = Number(header.snapshotsOffset)
  if (header.snapshotCount === 0 || offset === 0 || offset >= fileSize || offset % geometry.clusterSize !== 0)
    return
  let own = snapshots.length > 0 ? 1 : 0
  // A whole table that says of a snapshot that its L1 table is here: the pointer is wrong, not the table.
  if (snapshots.complete)
    for (const root of roots)
      if (!root.active && root.offset === offset && root.entries > 0) own += root.weight
  if (store.cells.count(offset / geometry.clusterSize) <= own) return
  findings.add('snapshot-table-overwritten', offset, geometry.clusterSize, {}, { repair: RESTORE })
}

/**
 * Whether the file was longer once: it has refcounts for clusters beyond its end, or its own tables should lie there. An
 * entry that points beyond the end alone proves nothing.
 */
export async function reportTruncated(context: WalkContext, blocks: Float64Array): Promise<void> {
  const { image, findings } = context
  const { header, fileSize, geometry } = image
  const { clusterSize } = geometry
  const claimed = [
    Number(header.l1TableOffset) + header.l1Size * 8,
    Number(header.refcountTableOffset) + header.refcountTableClusters * clusterSize,
    header.snapshotCount > 0 ? Number(header.snapshotsOffset) : 0,
  ].filter((end) => end > fileSize && end - fileSize <= image.virtualSize + 2 ** 30)
  const counted = await countedBeyond(context, blocks)
  // One table may be given a wrong place; two are not by chance.
  const needed = Math.max(counted, claimed.length > 1 ? Math.max(...claimed) : 0)
  if (needed <= fileSize) return
  findings.add('truncated', fileSize, needed - fileSize, { needed, fileSize }, { repair: EXTEND })
}

/** End of the last cluster beyond the file that has a refcount, bytes; of the refcount block that the file ends in. */
async function countedBeyond({ image, reader, store }: WalkContext, blocks: Float64Array): Promise<number> {
  const { clusterSize, refcountBlockEntries: perBlock, refcountOrder: order } = image.geometry
  const clusters = Math.ceil(image.fileSize / clusterSize)
  const index = Math.floor(clusters / perBlock)
  const block = blocks[index] ?? 0
  if (block === 0) return 0
  const { io } = store.kernel
  const piece = Math.min(io.length, clusterSize)
  const perPiece = (piece * 8) / 2 ** order
  let end = 0
  for (let from = 0; from < clusterSize; from += piece) {
    const first = index * perBlock + (from * 8) / 2 ** order
    if (first + perPiece <= clusters) continue
    const pending = reader.fill(io.subarray(0, piece), block + from)
    if (typeof pending !== 'boolean') await pending
    for (let at = Math.max(0, clusters - first); at < perPiece; at++)
      if (getRefcount(io, order, at) !== 0) end = (first + at + 1) * clusterSize
  }
  return end
}
