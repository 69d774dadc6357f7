import {
  decodeSnapshotEntry,
  decodeSnapshotExtra,
  LIMITS,
  SNAPSHOT_ENTRY_HEADER,
  snapshotEntryLengths,
} from '../../format/index.ts'
import { looksWritten, nameText } from '../../image/index.ts'
import type { CarvedEntry } from '../evidence.ts'
import type { TableRules } from '../reading/table-rules.ts'

/** QEMU itself writes ids below 128 and names below 256 bytes; others have longer names. */
const LONGEST_ID = 255
const LONGEST_NAME = 1023
/** Bytes that the longest entry can have. */
export const LONGEST_ENTRY = SNAPSHOT_ENTRY_HEADER + LIMITS.snapshotExtraData + LONGEST_ID + LONGEST_NAME + 8

/**
 * The entry of a snapshot table at this place, if the bytes can be one: the L1 table aligned and within the file, its
 * size enough for the disk, and an id, a name and a time as QEMU writes them.
 *
 * @param at a multiple of 8
 * @param offset of `bytes` in the file
 */
export function carveEntry(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  offset: number,
  rules: TableRules,
): CarvedEntry | undefined {
  const { geometry, fileSize } = rules
  // The tests that nearly every place of other data fails come first: this runs at every eighth byte.
  const l1High = view.getUint32(at)
  if (l1High > 0xff_ffff) return undefined
  const l1Offset = l1High * 2 ** 32 + view.getUint32(at + 4)
  const l1Size = view.getUint32(at + 8)
  if (l1Offset === 0 || l1Offset % geometry.clusterSize !== 0) return undefined
  if (l1Size === 0 || l1Size > LIMITS.l1Table / 8) return undefined
  if (l1Offset + l1Size * 8 > Math.ceil(fileSize / geometry.clusterSize) * geometry.clusterSize)
    return undefined
  const head = bytes.subarray(at, at + SNAPSHOT_ENTRY_HEADER)
  const lengths = snapshotEntryLengths(head)
  if (lengths.id === 0 || lengths.id > LONGEST_ID || lengths.name > LONGEST_NAME) return undefined
  if (lengths.extraData > LIMITS.snapshotExtraData || at + lengths.total > bytes.length) return undefined
  const raw = bytes.slice(at, at + lengths.total)
  const entry = decodeSnapshotEntry(raw)
  if (!looksWritten(entry)) return undefined
  const extra = decodeSnapshotExtra(entry.extraData)
  const { diskSize } = extra
  if (diskSize !== undefined && diskSize > BigInt(l1Size) * BigInt(geometry.l2Coverage)) return undefined
  const vmStateSize = extra.vmStateSize ?? BigInt(entry.vmStateSize32)
  if (vmStateSize > BigInt(l1Size) * BigInt(geometry.l2Coverage)) return undefined
  return {
    offset: offset + at,
    length: lengths.total,
    l1: { offset: l1Offset, entries: l1Size, claimedEntries: l1Size },
    id: nameText(entry.id),
    name: nameText(entry.name),
    diskSize: diskSize === undefined ? undefined : Number(diskSize),
    vmStateSize: Number(vmStateSize),
    date: entry.dateSeconds,
    dateNanoseconds: entry.dateNanoseconds,
    vmClock: entry.vmClock,
    bytes: raw,
  }
}

/** Every entry that a piece of the file holds, at any eighth byte. */
export function* carveEntries(
  bytes: Uint8Array,
  offset: number,
  length: number,
  rules: TableRules,
): Iterable<CarvedEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = Math.min(length, bytes.length - SNAPSHOT_ENTRY_HEADER + 1)
  for (let at = 0; at < end; ) {
    const entry = carveEntry(bytes, view, at, offset, rules)
    if (entry !== undefined) yield entry
    at += entry?.length ?? 8
  }
}
