import { crc32 } from 'node:zlib'

/**
 * An undo journal: what the target's bytes were before a change in place.
 *
 *   preamble  8 magic "NSUNDO1\n", 4 state, 4 length of the header (LE), 32 sha256 of the header,
 *             8 mtime that the change left, ns since 1970, 4 crc32 of state and mtime (LE), 4 zero
 *   header    JSON: tool, and the target's fingerprint; never its name
 *   records   8 offset, 4 length, 4 crc32 of offset, length and pre-image (LE), 32 sha256 of the bytes that are to stand
 *             there afterwards, then the pre-image; a record at or beyond the old length has none
 *   trailer   8 magic "NSUNEND\n", 8 number of records, 8 bytes of pre-images (LE), 32 sha256 of header and records
 *
 * The preamble is the only part that is written twice; it lies in one sector, so a state is there whole or not at all. It
 * becomes PREP once all the rest is on disk, and nothing in the target is changed before that: a journal that isn't
 * complete proves an untouched target.
 */
export const MAGIC = Buffer.from('NSUNDO1\n')
export const TRAILER_MAGIC = Buffer.from('NSUNEND\n')
export const STATE_OFFSET = 8
export const PREAMBLE_LENGTH = 64
/** Of the mtime and its checksum; zeros until the change is done. */
export const LEFT_OFFSET = 48
export const RECORD_HEAD_LENGTH = 48
export const TRAILER_LENGTH = 56
export const HASH_LENGTH = 32

/** A header is some hundred bytes; a longer one is no header. */
export const LONGEST_HEADER = 64 * 1024

/** Pre-images are split into records of at most this, which bounds the memory of every reader. */
export const LONGEST_RECORD = 1024 * 1024

const stateNames = {
  writing: 'WRIT',
  prepared: 'PREP',
  done: 'DONE',
  undoing: 'UNDO',
  undone: 'BACK',
} as const

/**
 * `writing`: nothing changed yet; `prepared`: the target may be in the middle of it; `done`: all of it is on disk;
 * `undoing`: the target may be in the middle of being put back; `undone`: it is as before.
 */
export type JournalState = keyof typeof stateNames

export function encodeState(state: JournalState): Buffer {
  return Buffer.from(stateNames[state], 'latin1')
}

export function decodeState(bytes: Buffer): JournalState | undefined {
  const text = bytes.toString('latin1')
  const states = Object.keys(stateNames) as JournalState[]
  return states.find((state) => stateNames[state] === text)
}

/** @param mtime of the target once the change is done, nanoseconds since 1970 */
export function encodeLeft(state: JournalState, mtime: bigint): Buffer {
  const bytes = Buffer.alloc(PREAMBLE_LENGTH - LEFT_OFFSET)
  bytes.writeBigInt64LE(mtime, 0)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 8), crc32(encodeState(state))), 8)
  return bytes
}

/** The mtime; undefined where none was written yet; 'damaged' where it can't be what was written. */
export function decodeLeft(bytes: Buffer, state: JournalState): bigint | undefined | 'damaged' {
  if (bytes.every((byte) => byte === 0)) return undefined
  const mtime = bytes.readBigInt64LE(0)
  return bytes.equals(encodeLeft(state, mtime)) ? mtime : 'damaged'
}

export interface RecordHead {
  readonly offset: number
  readonly length: number
  /** crc32, see `recordChecksum`. */
  readonly checksum: number
  /** sha256 of the new bytes. */
  readonly after: Buffer
}

export function encodeRecordHead(head: RecordHead): Buffer {
  const bytes = Buffer.alloc(RECORD_HEAD_LENGTH)
  bytes.writeBigUInt64LE(BigInt(head.offset), 0)
  bytes.writeUInt32LE(head.length, 8)
  bytes.writeUInt32LE(head.checksum, 12)
  head.after.copy(bytes, 16)
  return bytes
}

/** undefined where the numbers can't be: an offset beyond 2^53, a length of 0 or above `LONGEST_RECORD`. */
export function decodeRecordHead(bytes: Buffer): RecordHead | undefined {
  const offset = bytes.readBigUInt64LE(0)
  const length = bytes.readUInt32LE(8)
  if (offset > BigInt(Number.MAX_SAFE_INTEGER - LONGEST_RECORD)) return undefined
  if (length === 0 || length > LONGEST_RECORD) return undefined
  const after = Buffer.from(bytes.subarray(16, RECORD_HEAD_LENGTH))
  return { offset: Number(offset), length, checksum: bytes.readUInt32LE(12), after }
}

/**
 * Covers where the bytes belong as well as the bytes, so that neither can be altered unnoticed.
 *
 * @param length as the record's head says it: that of the pre-image, or of what was appended
 */
export function recordChecksum(offset: number, length: number, before: Uint8Array): number {
  const head = Buffer.alloc(12)
  head.writeBigUInt64LE(BigInt(offset), 0)
  head.writeUInt32LE(length, 8)
  // zlib answers 0 for no bytes at a null pointer, whatever the checksum so far.
  return before.length === 0 ? crc32(head) : crc32(before, crc32(head))
}

export interface Trailer {
  readonly records: number
  readonly bytes: number
  readonly digest: Buffer
}

export function encodeTrailer(trailer: Trailer): Buffer {
  const numbers = Buffer.alloc(16)
  numbers.writeBigUInt64LE(BigInt(trailer.records), 0)
  numbers.writeBigUInt64LE(BigInt(trailer.bytes), 8)
  return Buffer.concat([TRAILER_MAGIC, numbers, trailer.digest])
}

export function decodeTrailer(bytes: Buffer): Trailer | undefined {
  if (bytes.length !== TRAILER_LENGTH || !bytes.subarray(0, 8).equals(TRAILER_MAGIC)) return undefined
  const digest = Buffer.from(bytes.subarray(24))
  return { records: Number(bytes.readBigUInt64LE(8)), bytes: Number(bytes.readBigUInt64LE(16)), digest }
}
