import { geometryOf, getRefcount, LIMITS, reftableOffset } from '../../format/index.ts'
import { isZero } from '../../format/zeros.ts'
import { readRange } from '../../image/read-range.ts'
import type { BlockSource } from '../../source/index.ts'

/** Bytes searched for a refcount table from the beginning of the file; one that has grown lies behind. */
const SEARCHED = 2 ** 30
const CHUNK = 2 ** 20
const SECTOR = 512
/** Places that look like a table and are held against their blocks. */
const MOST_CANDIDATES = 4096

/** A refcount table, proven by its first block: that counts the header, the table and itself once each. */
export interface RefcountAnchor {
  /** Bytes. */
  readonly offset: number
  readonly clusterBits: number
  readonly refcountOrder: number
  /** Clusters that a file of this length needs; the table may be longer. */
  readonly clusters: number
}

export interface AnchorHints {
  /** Where a header says it is, bytes. */
  readonly offset?: number
  readonly signal?: AbortSignal
}

/**
 * Finds refcount tables: arrays of offsets, the first of which leads to a refcount block that counts cluster 0, the table
 * and the block as used once. No other structure does that, for one cluster size and one width only. First where the
 * header says and where QEMU puts it, then everywhere.
 */
export async function findRefcountAnchors(
  source: BlockSource,
  hints: AnchorHints,
): Promise<RefcountAnchor[]> {
  const likely = new Set<number>(hints.offset === undefined ? [] : [hints.offset])
  for (let bits = LIMITS.clusterBits.min; bits <= LIMITS.clusterBits.max; bits++) likely.add(2 ** bits)
  const found: RefcountAnchor[] = []
  for (const offset of likely) found.push(...(await anchorsAt(source, offset)))
  if (found.length > 0) return found
  let candidates = 0
  const end = Math.min(source.size, SEARCHED)
  for (let start = 0; start < end && candidates < MOST_CANDIDATES; start += CHUNK) {
    hints.signal?.throwIfAborted()
    const { bytes } = await readRange(source, start, CHUNK)
    if (isZero(bytes)) continue
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let at = 0; at + SECTOR <= bytes.length && candidates < MOST_CANDIDATES; at += SECTOR) {
      if (!isTableShaped(view, at, source.size)) continue
      candidates++
      found.push(...(await anchorsAt(source, start + at)))
    }
  }
  return found
}

/** A sector of offsets of clusters, the first of which is one. */
function isTableShaped(view: DataView, at: number, fileSize: number): boolean {
  for (let entry = at; entry < at + SECTOR; entry += 8) {
    const high = view.getUint32(entry)
    const low = view.getUint32(entry + 4)
    if (high === 0 && low === 0) {
      if (entry === at) return false
      continue
    }
    if ((low & 511) !== 0 || reftableOffset(high, low) >= fileSize) return false
  }
  return true
}

async function anchorsAt(source: BlockSource, offset: number): Promise<RefcountAnchor[]> {
  const anchors: RefcountAnchor[] = []
  if (offset <= 0 || offset % SECTOR !== 0 || offset + SECTOR > source.size) return anchors
  const { bytes } = await readRange(source, offset, SECTOR)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < SECTOR || !isTableShaped(view, 0, source.size)) return anchors
  const block = reftableOffset(view.getUint32(0), view.getUint32(4))
  for (let clusterBits = LIMITS.clusterBits.min; clusterBits <= LIMITS.clusterBits.max; clusterBits++) {
    const clusterSize = 2 ** clusterBits
    if (offset % clusterSize !== 0 || block % clusterSize !== 0) continue
    const { bytes: counts } = await readRange(source, block, clusterSize)
    for (let order = 0; order <= LIMITS.refcountOrder; order++) {
      const { refcountBlockEntries } = geometryOf(clusterBits, order, false)
      const counted = [0, offset / clusterSize, block / clusterSize]
      const once = counted.every((cluster) => {
        // A table far behind is counted by another block.
        if (cluster >= refcountBlockEntries) return cluster !== 0
        const end = ((cluster + 1) * 2 ** order) / 8
        return end <= counts.length && getRefcount(counts, order, cluster) === 1
      })
      if (!once || countsBeyond(counts, order, Math.ceil(source.size / clusterSize))) continue
      const blocks = Math.ceil(source.size / clusterSize / refcountBlockEntries)
      anchors.push({
        offset,
        clusterBits,
        refcountOrder: order,
        clusters: Math.max(1, Math.ceil((blocks * 8) / clusterSize)),
      })
    }
  }
  return anchors
}

/** Some cluster behind the end of the file is counted, which tells a cluster size that is too large. */
function countsBeyond(counts: Uint8Array, order: number, clusters: number): boolean {
  const first = Math.ceil((clusters * 2 ** order) / 8)
  for (let at = first; at < counts.length; at++) if (counts[at] !== 0) return true
  return false
}
