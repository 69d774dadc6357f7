import {
  decodeSnapshotEntry,
  decodeSnapshotExtra,
  encodeSnapshotEntry,
  encodeSnapshotExtra,
  LIMITS,
  SNAPSHOT_EXTRA_V3,
} from '../format/index.ts'
import type { Image, Snapshot } from '../image/image.ts'
import type { SnapshotEvidence } from '../recover/index.ts'

/** A snapshot that a new table lists: one of the present table, or one that was found. */
export type ListedEntry = Snapshot | SnapshotEvidence

/**
 * Its entry for a new table: byte for byte the one in the file where that can be, with L1 table and disk size put right
 * where they are known better, or an entry under a new id and the name `recovered-N`.
 *
 * @param own the entry in the file; undefined if none was found
 * @param taken ids that are in use; a new one is added
 */
export function entryForTable(
  one: ListedEntry,
  own: Uint8Array | undefined,
  { header, virtualSize }: Image,
  taken: Set<string>,
): Uint8Array {
  const text = new TextEncoder()
  const sizes = { vmStateSize: BigInt(vmStateOf(one)), diskSize: BigInt(one.diskSize || virtualSize) }
  const l1 = { l1TableOffset: BigInt(one.l1.offset), l1Size: one.l1.claimedEntries }
  if (own === undefined) {
    const number = 'orphan' in one ? (one.orphan ?? 1) : 1
    return encodeSnapshotEntry({
      ...l1,
      dateSeconds: 0,
      dateNanoseconds: 0,
      vmClock: 0n,
      vmStateSize32: 0,
      extraData: encodeSnapshotExtra(sizes),
      id: text.encode(freeId(taken)),
      name: text.encode(`recovered-${number}`),
    })
  }
  const entry = decodeSnapshotEntry(own)
  const { length } = entry.extraData
  const extraFits = length <= LIMITS.snapshotExtraData && (header.version < 3 || length >= SNAPSHOT_EXTRA_V3)
  const known = 'certain' in one && one.certain
  const sameL1 = entry.l1TableOffset === l1.l1TableOffset && entry.l1Size === l1.l1Size
  if (extraFits && (sameL1 || !known)) return own
  const { icount } = decodeSnapshotExtra(extraFits ? entry.extraData : new Uint8Array())
  return encodeSnapshotEntry({
    ...entry,
    ...(known && l1),
    extraData: extraFits
      ? entry.extraData
      : encodeSnapshotExtra({ ...sizes, ...(icount !== undefined && { icount }) }),
  })
}

function vmStateOf(one: ListedEntry): number {
  return 'vmStateSize' in one ? one.vmStateSize : (one.entry?.vmStateSize ?? 0)
}

function freeId(taken: Set<string>): string {
  // QEMU counts up: the lowest number that is free is the likeliest to have been its own.
  let number = 1
  while (taken.has(String(number))) number++
  taken.add(String(number))
  return String(number)
}
