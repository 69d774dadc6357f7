import {
  COMPRESSED_HIGH,
  COPIED_HIGH,
  compressedExtent,
  entryOffset,
  L2_RESERVED_HIGH,
  L2_RESERVED_LOW,
} from '../format/index.ts'
import type { WalkContext } from './walk-context.ts'

/**
 * The clusters that a table would point to if these bytes were one; undefined where an entry speaks against it. L1 and L2
 * tables look alike: what they point to tells which it is.
 */
export function tableTargets({ image }: WalkContext, bytes: Uint8Array): Uint32Array | undefined {
  const { clusterSize, clusterBits, l2EntrySize } = image.geometry
  // Guest data in another file may lie anywhere in it.
  const size = image.features.externalData
    ? Math.max(image.virtualSize, image.dataFile?.size ?? 0, image.fileSize)
    : image.fileSize
  const clusters = Math.ceil(image.fileSize / clusterSize)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const targets: number[] = []
  for (let at = 0; at < bytes.length; at += l2EntrySize) {
    const high = view.getUint32(at)
    const low = view.getUint32(at + 4)
    if ((high | low) === 0) continue
    if ((high & COMPRESSED_HIGH) !== 0) {
      const { host, length } = compressedExtent(high, low, clusterBits)
      if (host + length > clusters * clusterSize) return undefined
      targets.push(Math.floor(host / clusterSize))
      continue
    }
    const offset = entryOffset(high, low)
    if ((high & L2_RESERVED_HIGH) !== 0 || (low & L2_RESERVED_LOW) !== 0) return undefined
    if (offset % clusterSize !== 0 || offset >= size) return undefined
    if (offset !== 0) targets.push(offset / clusterSize)
  }
  return targets.length === 0 ? undefined : Uint32Array.from(targets)
}

/**
 * Does an entry say that nobody else uses its cluster? QEMU says so in tables of the active disk alone: taking a snapshot
 * clears the flag before the table becomes the snapshot's too.
 */
export function saysCopied({ image }: WalkContext, bytes: Uint8Array): boolean {
  const { l2EntrySize } = image.geometry
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at < bytes.length; at += l2EntrySize)
    if ((view.getUint32(at) & COPIED_HIGH) !== 0) return true
  return false
}
