import {
  COMPRESSED_HIGH,
  COPIED_HIGH,
  compressedExtent,
  entryOffset,
  L2_RESERVED_HIGH,
  L2_RESERVED_LOW,
  ZERO_LOW,
} from '../format/index.ts'
import type { ExtentList } from './extent-list.ts'
import type { TableContext } from './table-context.ts'

/** A part of the guest's disk, bytes; within the window of one L2 table. */
export interface GuestSpan {
  readonly start: number
  readonly end: number
}

/**
 * What the entries of an L2 table say, as QEMU reads them where it can; where QEMU would answer EIO, or read zeros from
 * rubbish, the cluster is lost.
 *
 * @param table the entries from the one of `span.start` on, which is the beginning of a cluster
 */
export function decodeL2(table: DataView, span: GuestSpan, context: TableContext, into: ExtentList): void {
  if (context.extendedL2) decodeExtended(table, span, context, into)
  else decodeStandard(table, span, context, into)
}

function decodeStandard(table: DataView, { start, end }: GuestSpan, context: TableContext, into: ExtentList) {
  const { clusterSize, version, externalData } = context
  for (let guest = start, at = 0; guest < end; guest += clusterSize, at += 8) {
    const high = table.getUint32(at)
    const low = table.getUint32(at + 4)
    const length = Math.min(clusterSize, end - guest)
    if (high === 0 && low === 0) into.plain('backing', guest, length)
    else if ((high & COMPRESSED_HIGH) !== 0) compressed(high, low, guest, length, context, into)
    else {
      const offset = entryOffset(high, low)
      // Offset 0 of an external data file is its first cluster; COPIED tells that from nothing.
      const allocated = offset !== 0 || (externalData && (high & COPIED_HIGH) !== 0)
      if (offset % clusterSize !== 0) into.lost(guest, length, 'l2-entry-unaligned')
      else if ((low & ZERO_LOW) !== 0) {
        if (version < 3) into.lost(guest, length, 'l2-entry-reserved')
        else into.plain('zero', guest, length)
      } else if (!allocated) unallocated(high, low & L2_RESERVED_LOW, guest, length, into)
      else if (offset >= context.dataSize) into.lost(guest, length, context.beyondData)
      else into.data(guest, length, offset)
    }
  }
}

function decodeExtended(table: DataView, { start, end }: GuestSpan, context: TableContext, into: ExtentList) {
  const { clusterSize, externalData } = context
  for (let guest = start, at = 0; guest < end; guest += clusterSize, at += 16) {
    const high = table.getUint32(at)
    const low = table.getUint32(at + 4)
    const length = Math.min(clusterSize, end - guest)
    if ((high & COMPRESSED_HIGH) !== 0) {
      compressed(high, low, guest, length, context, into)
      continue
    }
    const zero = table.getUint32(at + 8)
    const stored = table.getUint32(at + 12)
    const offset = entryOffset(high, low)
    const allocated = offset !== 0 || (externalData && (high & COPIED_HIGH) !== 0)
    if (offset % clusterSize !== 0) into.lost(guest, length, 'l2-entry-unaligned')
    else if (!allocated && zero === 0 && stored === 0) unallocated(high, low & 0x1ff, guest, length, into)
    else if (allocated && stored === 0xffff_ffff && zero === 0 && offset < context.dataSize)
      into.data(guest, length, offset)
    else subclusters({ zero, stored, offset, allocated }, guest, length, context, into)
  }
}

interface Bitmap {
  readonly zero: number
  readonly stored: number
  readonly offset: number
  readonly allocated: boolean
}

function subclusters(
  { zero, stored, offset, allocated }: Bitmap,
  guest: number,
  length: number,
  context: TableContext,
  into: ExtentList,
): void {
  const size = context.clusterSize / 32
  for (let index = 0; index * size < length; index++) {
    const at = guest + index * size
    const part = Math.min(size, length - index * size)
    const reads = (zero >>> index) & 1
    const holds = (stored >>> index) & 1
    // QEMU refuses the whole cluster; what the other bits say is still the best that is known of it.
    if (holds === 1 && (reads === 1 || !allocated)) into.lost(at, part, 'l2-subclusters')
    else if (reads === 1) into.plain('zero', at, part)
    else if (holds === 0) into.plain('backing', at, part)
    else if (offset >= context.dataSize) into.lost(at, part, context.beyondData)
    else into.data(at, part, offset + index * size)
  }
}

function compressed(
  high: number,
  low: number,
  guest: number,
  length: number,
  { clusterBits, externalData, fileSize }: TableContext,
  into: ExtentList,
): void {
  const { host, length: hostLength } = compressedExtent(high, low, clusterBits)
  // An external data file holds no compressed clusters: QEMU answers EIO.
  if (externalData) into.lost(guest, length, 'l2-entry-reserved')
  else if (host >= fileSize) into.lost(guest, length, 'l2-entry-beyond-end')
  else into.compressed(guest, length, host, hostLength)
}

/** An entry without offset and flags, or rubbish: QEMU would read the backing file or zeros for both. */
function unallocated(
  high: number,
  reservedLow: number,
  guest: number,
  length: number,
  into: ExtentList,
): void {
  if ((high & L2_RESERVED_HIGH) !== 0 || reservedLow !== 0) into.lost(guest, length, 'l2-entry-reserved')
  else into.plain('backing', guest, length)
}
