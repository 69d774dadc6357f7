import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { asFileError, FileError } from '../file-error.ts'
import type { FileName } from '../file-name.ts'
import type { Folder } from '../folder.ts'
import { readFully, writeFully } from '../open-file.ts'
import { type Extent, takeFingerprint } from './fingerprint.ts'
import {
  encodeRecordHead,
  encodeState,
  encodeTrailer,
  LONGEST_RECORD,
  MAGIC,
  recordChecksum,
  STATE_OFFSET,
} from './format.ts'
import { encodeHeader, type JournalHeader } from './header.ts'

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } = fs.constants

/** New bytes for a run of the target. */
export interface InPlaceWrite {
  readonly offset: number
  readonly bytes: Uint8Array
}

export interface JournalOptions {
  readonly tool: string
  /** Length of the target once all is written; default as it is. No write ends beyond it. */
  readonly finalSize?: number
  /** Which bytes identify the target besides its inode; default the first 4 KiB. */
  readonly identity?: readonly Extent[]
}

/** Bytes gathered before they are written: thousands of records of a few bytes each shall not be as many writes. */
const GATHER = 256 * 1024

/**
 * Writes the undo journal `name` in `folder` for the writes that are to follow, and brings it to the disk: when this
 * returns, the target may be changed. Pre-images are read from the target itself. As private as the target: its mode
 * & 0600. Memory stays below 2 MiB, whatever the writes come to.
 *
 * @param target open for reading
 * @param writes in any order, not overlapping
 * @throws FileError `exists` (an unfinished journal: see `findJournal`), `no-space`, ...; then no journal is left
 */
export function writeJournal(
  folder: Folder,
  name: FileName,
  target: number,
  writes: Iterable<InPlaceWrite>,
  options: JournalOptions,
): void {
  const path = folder.pathOf(name)
  let fd: number
  try {
    const mode = fs.fstatSync(target).mode & 0o600
    fd = fs.openSync(folder.entry(name), O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR, mode)
  } catch (error) {
    throw asFileError(error, path, 'cannot create the undo journal')
  }
  try {
    writeContent(fd, path, target, writes, options)
    fs.fsyncSync(fd)
    folder.sync()
    writeFully(fd, encodeState('prepared'), STATE_OFFSET)
    fs.fsyncSync(fd)
  } catch (error) {
    removeQuietly(folder, name)
    if (error instanceof RangeError) throw error
    throw asFileError(error, path, 'cannot write the undo journal')
  } finally {
    fs.closeSync(fd)
  }
}

function writeContent(
  fd: number,
  path: FileName,
  target: number,
  writes: Iterable<InPlaceWrite>,
  options: JournalOptions,
): void {
  const fingerprint = takeFingerprint(target, options.identity)
  const finalSize = options.finalSize ?? fingerprint.size
  const created = new Date().toISOString()
  const header: JournalHeader = { version: 1, tool: options.tool, created, target: fingerprint, finalSize }
  const out = new JournalOutput(fd)
  out.begin(encodeHeader(header))
  for (const { offset, bytes } of writes) {
    if (offset + bytes.length > finalSize)
      throw new RangeError(`a write at ${offset} ends beyond ${finalSize}`)
    for (let done = 0; done < bytes.length; done += LONGEST_RECORD) {
      const after = bytes.subarray(done, done + LONGEST_RECORD)
      addRecord(out, target, offset + done, fingerprint.size, after)
    }
  }
  // What a shorter final length cuts off: its new content is nothing.
  for (let at = finalSize; at < fingerprint.size; at += LONGEST_RECORD) {
    const before = readBefore(target, at, Math.min(LONGEST_RECORD, fingerprint.size - at))
    out.record(at, before, new Uint8Array(0))
  }
  const length = out.end()
  const { size } = fs.fstatSync(fd)
  if (size !== length)
    throw new FileError('short', path, `wrote ${length} bytes, the file system kept ${size}`)
}

/** Only what lies within the old length has a pre-image; growth is undone by the length. */
function addRecord(
  out: JournalOutput,
  target: number,
  offset: number,
  size: number,
  after: Uint8Array,
): void {
  const length = Math.min(after.length, size - offset)
  if (length > 0) out.record(offset, readBefore(target, offset, length), after.subarray(0, length))
}

function readBefore(target: number, offset: number, length: number): Buffer {
  const before = Buffer.allocUnsafe(length)
  const got = readFully(target, before, offset)
  if (got !== length) throw new Error(`the target ended at ${offset + got} while its journal was written`)
  return before
}

function removeQuietly(folder: Folder, name: FileName): void {
  try {
    fs.unlinkSync(folder.entry(name))
  } catch {
    // What remains is a journal in state `writing`, which the next run knows to mean an untouched target.
  }
}

class JournalOutput {
  readonly #fd: number
  readonly #hash = createHash('sha256')
  #gathered: Uint8Array[] = []
  #gatheredLength = 0
  #at = 0
  #records = 0
  #bytes = 0

  constructor(fd: number) {
    this.#fd = fd
  }

  begin(header: Buffer): void {
    const length = Buffer.alloc(4)
    length.writeUInt32LE(header.length)
    this.#put(Buffer.concat([MAGIC, encodeState('writing'), length]))
    this.#put(createHash('sha256').update(header).digest())
    this.#putHashed(header)
  }

  record(offset: number, before: Buffer, after: Uint8Array): void {
    const digest = createHash('sha256').update(after).digest()
    const checksum = recordChecksum(offset, before)
    this.#putHashed(encodeRecordHead({ offset, length: before.length, checksum, after: digest }))
    this.#putHashed(before)
    this.#records++
    this.#bytes += before.length
  }

  /** @returns the journal's length */
  end(): number {
    this.#put(encodeTrailer({ records: this.#records, bytes: this.#bytes, digest: this.#hash.digest() }))
    this.#flush()
    return this.#at
  }

  #putHashed(bytes: Uint8Array): void {
    this.#hash.update(bytes)
    this.#put(bytes)
  }

  #put(bytes: Uint8Array): void {
    this.#gathered.push(bytes)
    this.#gatheredLength += bytes.length
    if (this.#gatheredLength >= GATHER) this.#flush()
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#gathered)
    writeFully(this.#fd, bytes, this.#at)
    this.#at += bytes.length
    this.#gathered = []
    this.#gatheredLength = 0
  }
}
