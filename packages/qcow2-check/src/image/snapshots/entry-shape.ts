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
 * @param room bytes from the entry's beginning to the end of the file, or of the longest table that QEMU reads
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

/** QEMU keeps names in 256 bytes, their end included. */
const LONGEST_NAME = 255

/**
 * True if an entry looks like one that QEMU wrote: a decimal id and whatever name somebody typed, in whatever encoding,
 * or both of text as a management layer chose them; nanoseconds below a second. What it points to is not looked at.
 */
export function looksWritten(entry: SnapshotEntry): boolean {
  const { id, name, extraData, dateNanoseconds } = entry
  if (extraData.length > LIMITS.snapshotExtraData || dateNanoseconds >= 1e9 || id.length === 0) return false
  if (isDecimal(id) && name.length <= LONGEST_NAME && !name.includes(0)) return true
  return isText(id) && isText(name)
}

function isDecimal(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x30 && byte <= 0x39)
}

/** UTF-8 without control characters. */
function isText(bytes: Uint8Array): boolean {
  if (bytes.some((byte) => byte < 0x20 || byte === 0x7f)) return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

/** Of what is no UTF-8 every byte as a character: two names stay two, and as Latin-1 they can even be read. */
export function nameText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  }
}
