import {
  COMPRESSED_HIGH,
  COPIED_HIGH,
  compressedExtent,
  entryOffset,
  L2_RESERVED_HIGH,
  L2_RESERVED_LOW,
  subclusterBitmap,
  subclustersValid,
  ZERO_LOW,
} from '../format/index.ts'
import { SEEN_COPIED, SEEN_PLAIN, USE_ALONE, USE_COMPRESSED } from './counters/cell.ts'
import type { EntryRuns } from './entry-runs.ts'
import type { WalkContext } from './walk-context.ts'

/** An L2 entry; without extended L2 entries its bitmap is 0. */
export interface L2Halves {
  readonly high: number
  readonly low: number
  readonly bitmapHigh: number
  readonly bitmapLow: number
}

/**
 * Counts an entry that a fast loop left alone, as QEMU 7.2 does, and reports what is wrong with it.
 *
 * @param index in its table
 * @param again an earlier table of the window has it too
 */
export function countIrregular(
  context: WalkContext,
  runs: EntryRuns,
  entry: L2Halves,
  index: number,
  again: boolean,
): void {
  const { image, tally, store, counter } = context
  const { geometry, features, header } = image
  const { kernel } = store
  const { weight, active } = kernel.use
  const { high, low } = entry
  const extended = features.extendedL2
  const fault = (code: Parameters<EntryRuns['add']>[0], target: number, why = '') => {
    tally.corruptions += weight
    if (code === 'l2-entry-beyond-end') tally.beyondEnd++
    if (context.findings.full) runs.add(code, index, {}, why)
    else {
      const value = (BigInt(high) << 32n) | BigInt(low)
      runs.add(code, index, { entry: value, target, ...(why && { why }) }, why)
    }
  }
  const bitmap = subclusterBitmap(entry.bitmapHigh, entry.bitmapLow)
  if ((high & COMPRESSED_HIGH) !== 0) {
    const { host, length } = compressedExtent(high, low, geometry.clusterBits)
    if ((high & COPIED_HIGH) !== 0) fault('l2-compressed-copied', host)
    if (features.externalData) {
      fault('l2-entry-reserved', host, 'compressed, though guest data is in an external file')
      return
    }
    if (extended && !subclustersValid(bitmap, 'compressed')) {
      fault('l2-subclusters', host, 'a compressed cluster has subclusters')
      return
    }
    if (!counter.count(host, length, weight, USE_COMPRESSED)) fault('l2-entry-beyond-end', host)
    if (!active) return
    kernel.allocated++
    kernel.compressed++
    kernel.fragmented++
    return
  }
  const offset = entryOffset(high, low)
  const zeroFlag = header.version >= 3 && !extended
  if (
    (high & L2_RESERVED_HIGH) !== 0 ||
    (low & L2_RESERVED_LOW) !== 0 ||
    (!zeroFlag && (low & ZERO_LOW) !== 0)
  )
    fault('l2-entry-reserved', offset)
  const copied = (high & COPIED_HIGH) !== 0
  const kind = offset !== 0 || (features.externalData && copied) ? 'allocated' : 'unallocated'
  if (extended && !subclustersValid(bitmap, kind)) {
    const why = kind === 'allocated' ? 'subclusters both allocated and zero' : 'subclusters without a cluster'
    fault('l2-subclusters', offset, why)
    return
  }
  // A cluster that reads as zeros and was never allocated; with an external file, offset 0 is one where COPIED is set.
  if (kind === 'unallocated' || (offset === 0 && zeroFlag && (low & ZERO_LOW) !== 0)) return
  if (offset % geometry.clusterSize !== 0) fault('l2-entry-unaligned', offset)
  if (active) {
    const cluster = offset / geometry.clusterSize
    kernel.allocated++
    if (kernel.following !== 0 && cluster !== kernel.following) kernel.fragmented++
    kernel.following = cluster + 1
  }
  if (features.externalData) {
    const holds = extended ? bitmap.allocated !== 0 : (low & ZERO_LOW) === 0
    if (holds) tally.dataEnd = Math.max(tally.dataEnd, offset + geometry.clusterSize)
    if (active && !copied) tally.plainExternal++
    return
  }
  const seen = active ? (copied ? SEEN_COPIED : SEEN_PLAIN) : 0
  if (!counter.count(offset, geometry.clusterSize, weight, again ? seen : seen | USE_ALONE))
    fault('l2-entry-beyond-end', offset)
}
