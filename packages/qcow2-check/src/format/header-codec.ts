import type { Header } from './header.ts'

export const MAGIC = 0x514649fb
export const V2_HEADER_LENGTH = 72
export const V3_HEADER_LENGTH = 104
/** Where `nb_snapshots` and `snapshots_offset` lie together: 12 bytes that QEMU writes at once. */
export const SNAPSHOT_POINTER = { offset: 60, length: 12 } as const

/** True if these bytes begin an image by their magic. */
export function hasMagic(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && viewOf(bytes).getUint32(0) === MAGIC
}

/** @param bytes the beginning of an image; what is missing reads as zeros */
export function decodeHeader(bytes: Uint8Array): Header {
  const padded = new Uint8Array(112)
  padded.set(bytes.subarray(0, 112))
  const view = viewOf(padded)
  const version = view.getUint32(4)
  const v2 = version === 2
  const headerLength = v2 ? V2_HEADER_LENGTH : view.getUint32(100)
  return {
    version,
    backingFileOffset: view.getBigUint64(8),
    backingFileSize: view.getUint32(16),
    clusterBits: view.getUint32(20),
    size: view.getBigUint64(24),
    cryptMethod: view.getUint32(32),
    l1Size: view.getUint32(36),
    l1TableOffset: view.getBigUint64(40),
    refcountTableOffset: view.getBigUint64(48),
    refcountTableClusters: view.getUint32(56),
    snapshotCount: view.getUint32(60),
    snapshotsOffset: view.getBigUint64(64),
    incompatibleFeatures: v2 ? 0n : view.getBigUint64(72),
    compatibleFeatures: v2 ? 0n : view.getBigUint64(80),
    autoclearFeatures: v2 ? 0n : view.getBigUint64(88),
    refcountOrder: v2 ? 4 : view.getUint32(96),
    headerLength,
    compressionType: !v2 && headerLength > 104 ? view.getUint8(104) : 0,
  }
}

/**
 * @returns `headerLength` bytes (at least those of its version), the magic included; what lies beyond the known fields
 *   is zeros
 */
export function encodeHeader(header: Header): Uint8Array {
  const v2 = header.version === 2
  const bytes = new Uint8Array(v2 ? V2_HEADER_LENGTH : Math.max(V3_HEADER_LENGTH, header.headerLength))
  const view = viewOf(bytes)
  view.setUint32(0, MAGIC)
  view.setUint32(4, header.version)
  view.setBigUint64(8, header.backingFileOffset)
  view.setUint32(16, header.backingFileSize)
  view.setUint32(20, header.clusterBits)
  view.setBigUint64(24, header.size)
  view.setUint32(32, header.cryptMethod)
  view.setUint32(36, header.l1Size)
  view.setBigUint64(40, header.l1TableOffset)
  view.setBigUint64(48, header.refcountTableOffset)
  view.setUint32(56, header.refcountTableClusters)
  view.setUint32(60, header.snapshotCount)
  view.setBigUint64(64, header.snapshotsOffset)
  if (v2) return bytes
  view.setBigUint64(72, header.incompatibleFeatures)
  view.setBigUint64(80, header.compatibleFeatures)
  view.setBigUint64(88, header.autoclearFeatures)
  view.setUint32(96, header.refcountOrder)
  view.setUint32(100, header.headerLength)
  if (bytes.length > 104) view.setUint8(104, header.compressionType)
  return bytes
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
