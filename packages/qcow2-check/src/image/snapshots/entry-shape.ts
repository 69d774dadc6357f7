import {
  LIMITS,
  SNAPSHOT_ENTRY_HEADER,
  type SnapshotEntry,
  type SnapshotEntryLengths,
} from '../../format/index.ts'

/** Why bytes can't be an entry. */
export type EntryFault = 'cut' | 'zeros' | 'lengths' | 'rubbish'

/**
 * Judges the first 40 bytes of an entry. Their lengths lead to the next entry, so that with wrong ones the table ends
 * here.
 *
 * @param lengths as they stand there
 * @param room bytes from the entry's beginning to the end of the file
 */
export function faultOfHead(
  head: Uint8Array,
  lengths: SnapshotEntryLengths,
  room: number,
): EntryFault | undefined {
  if (head.length < SNAPSHOT_ENTRY_HEADER) return 'cut'
  if (head.every((byte) => byte === 0)) return 'zeros'
  if (lengths.extraData > LIMITS.snapshotTable || lengths.used > room) return 'lengths'
  return undefined
}

/**
 * True if an entry looks like one that QEMU wrote: a decimal id, a name of text, nanoseconds below a second. What it
 * points to is not looked at.
 */
export function looksWritten(entry: SnapshotEntry): boolean {
  const { id, name, extraData, dateNanoseconds } = entry
  if (extraData.length > LIMITS.snapshotExtraData || dateNanoseconds >= 1e9) return false
  return id.length > 0 && isText(id) && isText(name)
}

/** UTF-8 without control characters. Both strings are whatever a management layer chose. */
function isText(bytes: Uint8Array): boolean {
  if (bytes.some((byte) => byte < 0x20 || byte === 0x7f)) return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
