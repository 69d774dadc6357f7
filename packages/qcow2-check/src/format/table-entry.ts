/**
 * Entries of L1, L2 and refcount tables as two unsigned 32-bit halves (QEMU docs/interop/qcow2.txt, "Cluster mapping"):
 * the hot loops never make a bigint. An offset of an L1 or L2 entry has 47 significant bits above bit 9, so that it is
 * exact as a number.
 */

/** Upper half of L1 and L2 entries: the cluster's refcount is exactly 1. */
export const COPIED_HIGH = 0x8000_0000
/** Upper half of L2 entries: a compressed cluster. */
export const COMPRESSED_HIGH = 0x4000_0000
/** Lower half of L2 entries of 8 bytes, version 3: reads as zeros. */
export const ZERO_LOW = 0x0000_0001

/** Bits 9 to 55 of L1 and L2 entries. */
export const OFFSET_HIGH = 0x00ff_ffff
export const OFFSET_LOW = 0xffff_fe00

export const L1_RESERVED_HIGH = 0x7f00_0000
export const L1_RESERVED_LOW = 0x0000_01ff
/** Of uncompressed L2 entries; bit 0 is reserved too in version 2 and with extended L2 entries. */
export const L2_RESERVED_HIGH = 0x3f00_0000
export const L2_RESERVED_LOW = 0x0000_01fe
/** Refcount table: bits 9 to 63 are the offset. */
export const REFTABLE_RESERVED_LOW = 0x0000_01ff

const TWO_32 = 2 ** 32

/** Offset of an L1 or uncompressed L2 entry, bytes, below 2^56; 0: not allocated. */
export function entryOffset(high: number, low: number): number {
  return (high & OFFSET_HIGH) * TWO_32 + ((low & OFFSET_LOW) >>> 0)
}

/** Offset of a refcount table entry, bytes. Beyond 2^53 it is rounded; no file is that long. */
export function reftableOffset(high: number, low: number): number {
  return (high >>> 0) * TWO_32 + ((low & OFFSET_LOW) >>> 0)
}

/** Halves of an offset below 2^56 that is a multiple of 512, with flags to be added. */
export function offsetHalves(offset: number): { readonly high: number; readonly low: number } {
  return { high: Math.floor(offset / TWO_32), low: (offset % TWO_32) >>> 0 }
}

export function readEntry(table: Uint8Array, index: number): { readonly high: number; readonly low: number } {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength)
  return { high: view.getUint32(index * 8), low: view.getUint32(index * 8 + 4) }
}

/** @param index of an 8-byte entry; the bitmap of an extended L2 entry is the entry after it */
export function writeEntry(table: Uint8Array, index: number, high: number, low: number): void {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength)
  view.setUint32(index * 8, high >>> 0)
  view.setUint32(index * 8 + 4, low >>> 0)
}

/** L1 entry (and bitmap table entry, and uncompressed L2 entry) that points to a cluster. */
export function writeOffsetEntry(table: Uint8Array, index: number, offset: number, copied: boolean): void {
  const { high, low } = offsetHalves(offset)
  writeEntry(table, index, copied ? high | COPIED_HIGH : high, low)
}
