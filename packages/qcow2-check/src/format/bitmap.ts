/** The bitmaps extension: where the directory is (QEMU docs/interop/qcow2.txt, "Bitmaps extension"). */
export interface BitmapsExtension {
  readonly count: number
  /** Must be 0. */
  readonly reserved: number
  /** Bytes. */
  readonly directorySize: bigint
  readonly directoryOffset: bigint
}

export const BITMAPS_EXTENSION_LENGTH = 24

/** @param data 24 bytes */
export function decodeBitmapsExtension(data: Uint8Array): BitmapsExtension {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  return {
    count: view.getUint32(0),
    reserved: view.getUint32(4),
    directorySize: view.getBigUint64(8),
    directoryOffset: view.getBigUint64(16),
  }
}

export function encodeBitmapsExtension(extension: BitmapsExtension): Uint8Array {
  const data = new Uint8Array(BITMAPS_EXTENSION_LENGTH)
  const view = new DataView(data.buffer)
  view.setUint32(0, extension.count)
  view.setUint32(4, extension.reserved)
  view.setBigUint64(8, extension.directorySize)
  view.setBigUint64(16, extension.directoryOffset)
  return data
}

/** An entry of the bitmap directory ("Bitmap directory"). */
export interface BitmapEntry {
  readonly tableOffset: bigint
  /** Entries of 8 bytes. */
  readonly tableSize: number
  readonly flags: number
  /** 1: dirty tracking. */
  readonly type: number
  /** One bit stands for 2^granularityBits bytes. */
  readonly granularityBits: number
  readonly extraData: Uint8Array
  readonly name: Uint8Array
}

export const BITMAP_FLAG = { inUse: 1, auto: 2, extraDataCompatible: 4 } as const
export const BITMAP_ENTRY_HEADER = 24

/** @param bytes at least 24 bytes */
export function bitmapEntryLengths(bytes: Uint8Array): {
  readonly name: number
  readonly extraData: number
  /** Bytes up to the next entry, padding included. */
  readonly total: number
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const name = view.getUint16(18)
  const extraData = view.getUint32(20)
  return { name, extraData, total: Math.ceil((BITMAP_ENTRY_HEADER + extraData + name) / 8) * 8 }
}

/** @param bytes from the entry's beginning; what is missing at its end reads as a shorter name or extra data */
export function decodeBitmapEntry(bytes: Uint8Array): BitmapEntry {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const lengths = bitmapEntryLengths(bytes)
  const nameAt = BITMAP_ENTRY_HEADER + lengths.extraData
  return {
    tableOffset: view.getBigUint64(0),
    tableSize: view.getUint32(8),
    flags: view.getUint32(12),
    type: view.getUint8(16),
    granularityBits: view.getUint8(17),
    extraData: bytes.slice(BITMAP_ENTRY_HEADER, nameAt),
    name: bytes.slice(nameAt, nameAt + lengths.name),
  }
}

/** @returns a multiple of 8 bytes */
export function encodeBitmapEntry(entry: BitmapEntry): Uint8Array {
  const nameAt = BITMAP_ENTRY_HEADER + entry.extraData.length
  const bytes = new Uint8Array(Math.ceil((nameAt + entry.name.length) / 8) * 8)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, entry.tableOffset)
  view.setUint32(8, entry.tableSize)
  view.setUint32(12, entry.flags)
  view.setUint8(16, entry.type)
  view.setUint8(17, entry.granularityBits)
  view.setUint16(18, entry.name.length)
  view.setUint32(20, entry.extraData.length)
  bytes.set(entry.extraData, BITMAP_ENTRY_HEADER)
  bytes.set(entry.name, nameAt)
  return bytes
}

/** Entry of a bitmap table: the offset as in an L1 entry; these bits are reserved. */
export const BITMAP_TABLE_RESERVED_HIGH = 0xff00_0000
export const BITMAP_TABLE_RESERVED_LOW = 0x0000_01fe
/** Without an offset: all bits of this cluster of the bitmap are ones. With one: reserved. */
export const BITMAP_ALL_ONES_LOW = 1
