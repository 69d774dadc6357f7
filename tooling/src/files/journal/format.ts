import { crc32 } from 'node:zlib'

/**
 * An undo journal: what the target's bytes were before a change in place.
 *
 *   preamble  8 magic "NSUNDO1\n", 4 state, 4 length of the header (LE), 32 sha256 of the header
 *   header    JSON: tool, and the target's fingerprint; never its name
 *   records   8 offset, 4 length, 4 crc32 of offset, length and pre-image (LE), 32 sha256 of the bytes that are to stand
 *             there afterwards, then the pre-image
 *   trailer   8 magic "NSUNEND\n", 8 number of records, 8 bytes of pre-images (LE), 32 sha256 of header and records
 *
 * The state is the only part that is written twice. It becomes PREP once all the rest is on disk, and nothing in the
 * target is changed before that: a journal that isn't complete proves an untouched target.
 */
export const MAGIC = Buffer.from('NSUNDO1\n')
export const TRAILER_MAGIC = Buffer.from('NSUNEND\n')
export const STATE_OFFSET = 8
export const PREAMBLE_LENGTH = 48
export const RECORD_HEAD_LENGTH = 48
export const TRAILER_LENGTH = 56
export const HASH_LENGTH = 32

/** A header is some hundred bytes; a longer one is no header. */
export const LONGEST_HEADER = 64 * 1024

/** Pre-images are split into records of at most this, which bounds the memory of every reader. */
export const LONGEST_RECORD = 1024 * 1024

const stateNames = { writing: 'WRIT', prepared: 'PREP', done: 'DONE' } as const

/** `writing`: nothing changed yet; `prepared`: the target may be in the middle of it; `done`: all of it is on disk. */
export type JournalState = keyof typeof stateNames

export function encodeState(state: JournalState): Buffer {
  return Buffer.from(stateNames[state], 'latin1')
}

export function decodeState(bytes: Buffer): JournalState | undefined {
  const text = bytes.toString('latin1')
  if (text === stateNames.writing) return 'writing'
  if (text === stateNames.prepared) return 'prepared'
  return text === stateNames.done ? 'done' : undefined
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

/** Covers where the bytes belong as well as the bytes, so that neither can be altered unnoticed. */
export function recordChecksum(offset: number, before: Uint8Array): number {
  const head = Buffer.alloc(12)
  head.writeBigUInt64LE(BigInt(offset), 0)
  head.writeUInt32LE(before.length, 8)
  return crc32(before, crc32(head))
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
