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
} from '../../format/index.ts'
import type { TableRules } from './table-rules.ts'

/** What an L2 table holds, in entries. */
export interface L2Contents {
  /** With a data cluster, plain or compressed. */
  readonly mapped: number
  readonly compressed: number
  /** Without a data cluster, but not zeros either. */
  readonly zero: number
  /** Point behind the end of the file, as in one that was cut short. */
  readonly beyond: number
  /** Can't be entries. */
  readonly invalid: number
  readonly copied: number
}

/** @param index of the entry in its table */
export type DataVisitor = (cluster: number, index: number) => void

/**
 * Reads an L2 table.
 *
 * @param visit each reference to a cluster of the file, as often as refcounts count it: a compressed cluster references
 *   every cluster that its sectors touch
 * @param mostInvalid gives up after so many entries that can't be any: data is told from a table by its first bytes
 */
export function readL2(
  bytes: Uint8Array,
  rules: TableRules,
  visit?: DataVisitor,
  mostInvalid = Number.POSITIVE_INFINITY,
): L2Contents {
  const { geometry, externalData } = rules
  const { clusterSize, clusterBits, l2EntrySize } = geometry
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const extended = l2EntrySize === 16
  const reservedLow = rules.zeroFlag ? L2_RESERVED_LOW : L2_RESERVED_LOW | ZERO_LOW
  const reference = (offset: number, length: number, index: number): boolean => {
    if (!countsIn(offset, length, rules)) return false
    const last = Math.floor((offset + length - 1) / clusterSize)
    if (visit) for (let at = Math.floor(offset / clusterSize); at <= last; at++) visit(at, index)
    return true
  }
  const contents = { mapped: 0, compressed: 0, zero: 0, beyond: 0, invalid: 0, copied: 0 }
  for (let at = 0, index = 0; at + l2EntrySize <= bytes.length; at += l2EntrySize, index++) {
    const high = view.getUint32(at)
    const low = view.getUint32(at + 4)
    const bitmapHigh = extended ? view.getUint32(at + 8) : 0
    const bitmapLow = extended ? view.getUint32(at + 12) : 0
    if ((high | low | bitmapHigh | bitmapLow) === 0) continue
    const subclusters = subclusterBitmap(bitmapHigh, bitmapLow)
    if ((high & COMPRESSED_HIGH) !== 0) {
      const { host, length } = compressedExtent(high, low, clusterBits)
      const allowed = !externalData && (!extended || subclustersValid(subclusters, 'compressed'))
      if (!allowed || (high & COPIED_HIGH) !== 0) contents.invalid++
      if (!allowed) continue
      if (!reference(host, length, index)) contents.beyond++
      else contents.compressed++
    } else {
      const offset = entryOffset(high, low)
      const copied = (high & COPIED_HIGH) !== 0
      const unallocated = offset === 0 && !(externalData && copied)
      const subclustersWrong = !subclustersValid(subclusters, unallocated ? 'unallocated' : 'allocated')
      const flawed =
        ((high & L2_RESERVED_HIGH) | (low & reservedLow)) !== 0 || (unallocated && copied) || subclustersWrong
      // A flaw beside an offset that can be followed is counted, and so is what it leads to, as QEMU does.
      if (flawed) contents.invalid++
      if (subclustersWrong && extended) continue
      if (unallocated) contents.zero += flawed ? 0 : 1
      else {
        if (offset % clusterSize !== 0 && !flawed) contents.invalid++
        if (copied) contents.copied++
        if (externalData) contents.mapped++
        else if (!reference(offset, clusterSize, index)) contents.beyond++
        else contents.mapped++
      }
    }
    if (contents.invalid > mostInvalid) break
  }
  contents.mapped += contents.compressed
  return contents
}

/**
 * Whether a reference to a range of the file counts: it may end beyond the file, by less than a cluster, as the last
 * cluster may be there in part.
 */
export function countsIn(offset: number, length: number, { geometry, fileSize }: TableRules): boolean {
  return offset + length - fileSize < geometry.clusterSize
}

/** True where these bytes can be an L2 table that maps something. */
export function isL2Shaped(contents: L2Contents): boolean {
  return contents.invalid === 0 && contents.mapped + contents.zero > 0 && contents.beyond <= contents.mapped
}
