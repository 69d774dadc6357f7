import { createHash, type Hash } from 'node:crypto'
import fs from 'node:fs'
import { asFileError } from '../file-error.ts'
import type { FileName } from '../file-name.ts'
import { readFully, writeFully } from '../open-file.ts'
import {
  decodeLeft,
  decodeRecordHead,
  decodeState,
  decodeTrailer,
  encodeLeft,
  encodeState,
  HASH_LENGTH,
  type JournalState,
  LEFT_OFFSET,
  LONGEST_HEADER,
  MAGIC,
  PREAMBLE_LENGTH,
  RECORD_HEAD_LENGTH,
  recordChecksum,
  STATE_OFFSET,
  TRAILER_LENGTH,
} from './format.ts'
import { decodeHeader, type JournalHeader } from './header.ts'
import { JournalError } from './journal-error.ts'

/** A run of the target as it was before the change. */
export interface PreImage {
  readonly offset: number
  /** Empty at and beyond the old length. */
  readonly before: Buffer
  /** How many bytes the change put there; 0 where the file was to end before. */
  readonly length: number
  /** sha256 of these. */
  readonly after: Buffer
}

/** An undo journal whose every checksum has been verified. */
export interface Journal {
  readonly fd: number
  readonly path: FileName
  readonly state: JournalState
  readonly header: JournalHeader
  /** The target's mtime as the change (or, once undone, the undoing) left it, ns since 1970; undefined before that. */
  readonly leftAt: bigint | undefined
  /** Number of records, and bytes of pre-images in them. */
  readonly records: number
  readonly bytes: number
  /** Where the records begin. */
  readonly start: number
}

/**
 * Reads and verifies an open journal, in bounded memory: numbers of the file are checked before anything is allocated
 * by them.
 *
 * @param fd open for reading; stays the caller's
 * @throws JournalError `not-a-journal`, `too-new`, `torn` (the target is untouched), `damaged`
 */
export function readJournal(fd: number, path: FileName): Journal {
  try {
    return verify(fd, path)
  } catch (error) {
    if (error instanceof JournalError) throw error
    throw asFileError(error, path, 'cannot read the undo journal')
  }
}

function verify(fd: number, path: FileName): Journal {
  const { size } = fs.fstatSync(fd)
  const preamble = readPart(fd, 0, Math.min(size, PREAMBLE_LENGTH))
  const stateBytes = preamble.subarray(STATE_OFFSET, STATE_OFFSET + 4)
  const state = decodeState(stateBytes)
  if (!beginsAsJournal(preamble)) throw new JournalError('not-a-journal', path, 'is not an undo journal')
  // A crash before the first fsync may leave any part unwritten (zeros, or a short file), the state too: then nothing
  // was changed yet.
  const torn = state === 'writing' || stateBytes.length < 4 || stateBytes.every((byte) => byte === 0)
  const fail = (why: string, offset: number): JournalError =>
    torn
      ? new JournalError('torn', path, `was never completed (${why}), so its target is untouched`, { offset })
      : new JournalError('damaged', path, `is damaged: ${why}`, {
          offset,
          remedy: 'restore the target from a backup',
        })
  if (size < PREAMBLE_LENGTH + TRAILER_LENGTH) throw fail('it ends early', size)
  const headerLength = preamble.readUInt32LE(12)
  const start = PREAMBLE_LENGTH + headerLength
  if (headerLength > LONGEST_HEADER || start > size - TRAILER_LENGTH) throw fail('length of the header', 12)
  const headerBytes = readPart(fd, PREAMBLE_LENGTH, headerLength)
  const expected = preamble.subarray(16, 16 + HASH_LENGTH)
  if (!createHash('sha256').update(headerBytes).digest().equals(expected))
    throw fail('checksum of the header', 16)
  const header = decodeHeader(headerBytes)
  if (header === 'too-new')
    throw new JournalError('too-new', path, 'was made by a later version; undo it with that')
  if (!header || state === undefined) throw fail('the header makes no sense', PREAMBLE_LENGTH)
  const trailer = decodeTrailer(readPart(fd, size - TRAILER_LENGTH, TRAILER_LENGTH))
  if (!trailer) throw fail('no trailer', size - TRAILER_LENGTH)
  const leftAt = decodeLeft(preamble.subarray(LEFT_OFFSET), state)
  if (leftAt === 'damaged' || (leftAt !== undefined) !== hasLeft(state)) throw fail('the mtime', LEFT_OFFSET)
  const hash = createHash('sha256').update(headerBytes)
  const counted = { records: 0, bytes: 0 }
  const records = { fd, start, end: size - TRAILER_LENGTH, header }
  for (const image of scan(records, fail, hash)) {
    counted.records++
    counted.bytes += image.before.length
  }
  const complete = counted.records === trailer.records && counted.bytes === trailer.bytes
  if (!complete || !hash.digest().equals(trailer.digest)) throw fail('checksum of the records', start)
  return { fd, path, state, header, leftAt, ...counted, start }
}

function hasLeft(state: JournalState): boolean {
  return state !== 'writing' && state !== 'prepared'
}

/**
 * What an open journal says its state is, without verifying the rest; `writing` also where a crash tore its beginning,
 * undefined where it is no journal.
 */
export function peekState(fd: number): JournalState | undefined {
  const preamble = readPart(fd, 0, PREAMBLE_LENGTH)
  if (!beginsAsJournal(preamble)) return undefined
  return decodeState(preamble.subarray(STATE_OFFSET, STATE_OFFSET + 4)) ?? 'writing'
}

/** The journal's pre-images, one in memory at a time, each with its checksum verified again. */
export function* preImages(journal: Journal): Generator<PreImage> {
  const { size } = fs.fstatSync(journal.fd)
  const fail = (why: string, offset: number): JournalError =>
    new JournalError('damaged', journal.path, `changed while it was used: ${why}`, { offset })
  yield* scan({ ...journal, end: size - TRAILER_LENGTH }, fail)
}

interface Records {
  readonly fd: number
  readonly start: number
  readonly end: number
  readonly header: JournalHeader
}

function* scan(
  { fd, start, end, header }: Records,
  fail: (why: string, offset: number) => JournalError,
  hash?: Hash,
): Generator<PreImage> {
  const { target, finalSize } = header
  for (let at = start; at < end; ) {
    if (end - at < RECORD_HEAD_LENGTH) throw fail('a record ends early', at)
    const headBytes = readPart(fd, at, RECORD_HEAD_LENGTH)
    const head = decodeRecordHead(headBytes)
    if (!head) throw fail('a record of impossible length', at)
    const { offset, length, after } = head
    const stored = offset < target.size ? length : 0
    if (stored > end - at - RECORD_HEAD_LENGTH) throw fail('a record of impossible length', at)
    if (offset + length > (stored > 0 ? target.size : finalSize)) throw fail('a record beyond the target', at)
    const before = readPart(fd, at + RECORD_HEAD_LENGTH, stored)
    if (recordChecksum(offset, length, before) !== head.checksum) throw fail('checksum of a record', at)
    hash?.update(headBytes).update(before)
    yield { offset, before, length: offset < finalSize ? length : 0, after }
    at += RECORD_HEAD_LENGTH + stored
  }
}

/**
 * Writes the state of a journal anew, and brings it to the disk.
 *
 * @param leftAt the target's mtime, ns since 1970; for every state but `prepared`
 */
export function markJournal(fd: number, path: FileName, state: JournalState, leftAt?: bigint): void {
  try {
    const preamble = Buffer.alloc(PREAMBLE_LENGTH)
    readFully(fd, preamble, 0)
    encodeState(state).copy(preamble, STATE_OFFSET)
    if (leftAt !== undefined) encodeLeft(state, leftAt).copy(preamble, LEFT_OFFSET)
    writeFully(fd, preamble.subarray(STATE_OFFSET), STATE_OFFSET)
    fs.fsyncSync(fd)
  } catch (error) {
    throw asFileError(error, path, 'cannot update the undo journal')
  }
}

/** An empty file and one whose first block never reached the disk (zeros) are journals that a crash tore. */
function beginsAsJournal(preamble: Buffer): boolean {
  const magic = preamble.subarray(0, MAGIC.length)
  return magic.every((byte) => byte === 0) || magic.equals(MAGIC.subarray(0, magic.length))
}

function readPart(fd: number, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  return bytes.subarray(0, readFully(fd, bytes, at))
}
