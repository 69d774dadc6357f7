/** An entry of the snapshot table as it stands there (QEMU docs/interop/qcow2.txt, "Snapshots"). */
export interface SnapshotEntry {
  readonly l1TableOffset: bigint
  readonly l1Size: number
  /** Seconds since 1970, and nanoseconds. */
  readonly dateSeconds: number
  readonly dateNanoseconds: number
  /** Nanoseconds the guest had run. */
  readonly vmClock: bigint
  /** Bytes; the lower 32 bits, where the extra data have no longer field. */
  readonly vmStateSize32: number
  /** All of it, known fields first. */
  readonly extraData: Uint8Array
  readonly id: Uint8Array
  readonly name: Uint8Array
}

export const SNAPSHOT_ENTRY_HEADER = 40
/** Extra data of version 3: both fields are mandatory there. */
export const SNAPSHOT_EXTRA_V3 = 16

/** Lengths that an entry claims; the first thing to be believed or not. */
export interface SnapshotEntryLengths {
  readonly id: number
  readonly name: number
  readonly extraData: number
  /** Bytes without the padding, which the end of the file may cut off. */
  readonly used: number
  /** Bytes up to the next entry, padding included. */
  readonly total: number
}

/** @param bytes at least 40 bytes */
export function snapshotEntryLengths(bytes: Uint8Array): SnapshotEntryLengths {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const id = view.getUint16(12)
  const name = view.getUint16(14)
  const extraData = view.getUint32(36)
  const used = SNAPSHOT_ENTRY_HEADER + extraData + id + name
  return { id, name, extraData, used, total: padTo8(used) }
}

/** @param bytes from the entry's beginning; what is missing at its end reads as shorter id, name or extra data */
export function decodeSnapshotEntry(bytes: Uint8Array): SnapshotEntry {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const lengths = snapshotEntryLengths(bytes)
  const idAt = SNAPSHOT_ENTRY_HEADER + lengths.extraData
  const nameAt = idAt + lengths.id
  return {
    l1TableOffset: view.getBigUint64(0),
    l1Size: view.getUint32(8),
    dateSeconds: view.getUint32(16),
    dateNanoseconds: view.getUint32(20),
    vmClock: view.getBigUint64(24),
    vmStateSize32: view.getUint32(32),
    extraData: bytes.slice(SNAPSHOT_ENTRY_HEADER, idAt),
    id: bytes.slice(idAt, nameAt),
    name: bytes.slice(nameAt, nameAt + lengths.name),
  }
}

/** @returns a multiple of 8 bytes */
export function encodeSnapshotEntry(entry: SnapshotEntry): Uint8Array {
  const { extraData, id, name } = entry
  const idAt = SNAPSHOT_ENTRY_HEADER + extraData.length
  const bytes = new Uint8Array(padTo8(idAt + id.length + name.length))
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, entry.l1TableOffset)
  view.setUint32(8, entry.l1Size)
  view.setUint16(12, id.length)
  view.setUint16(14, name.length)
  view.setUint32(16, entry.dateSeconds)
  view.setUint32(20, entry.dateNanoseconds)
  view.setBigUint64(24, entry.vmClock)
  view.setUint32(32, entry.vmStateSize32)
  view.setUint32(36, extraData.length)
  bytes.set(extraData, SNAPSHOT_ENTRY_HEADER)
  bytes.set(id, idAt)
  bytes.set(name, idAt + id.length)
  return bytes
}

/** Fields of the extra data; each is there if the data reach so far. */
export interface SnapshotExtraFields {
  readonly vmStateSize?: bigint
  /** Bytes. */
  readonly diskSize?: bigint
  readonly icount?: bigint
}

export function decodeSnapshotExtra(extraData: Uint8Array): SnapshotExtraFields {
  const view = new DataView(extraData.buffer, extraData.byteOffset, extraData.byteLength)
  return {
    ...(extraData.length >= 8 && { vmStateSize: view.getBigUint64(0) }),
    ...(extraData.length >= 16 && { diskSize: view.getBigUint64(8) }),
    ...(extraData.length >= 24 && { icount: view.getBigUint64(16) }),
  }
}

/** The two mandatory fields, and `icount` if given. */
export function encodeSnapshotExtra(fields: {
  readonly vmStateSize: bigint
  readonly diskSize: bigint
  readonly icount?: bigint
}): Uint8Array {
  const bytes = new Uint8Array(fields.icount === undefined ? 16 : 24)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, fields.vmStateSize)
  view.setBigUint64(8, fields.diskSize)
  if (fields.icount !== undefined) view.setBigUint64(16, fields.icount)
  return bytes
}

function padTo8(length: number): number {
  return Math.ceil(length / 8) * 8
}
