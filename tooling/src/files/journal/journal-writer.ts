import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { asFileError, FileError } from '../file-error.ts'
import type { FileName } from '../file-name.ts'
import type { Folder } from '../folder.ts'
import { writeFully } from '../open-file.ts'
import type { Fingerprint } from './fingerprint.ts'
import {
  encodeRecordHead,
  encodeState,
  encodeTrailer,
  LEFT_OFFSET,
  LONGEST_RECORD,
  MAGIC,
  PREAMBLE_LENGTH,
  recordChecksum,
  STATE_OFFSET,
} from './format.ts'
import { encodeHeader, type JournalHeader } from './header.ts'
import type { Journal } from './read-journal.ts'

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } = fs.constants

/** Bytes gathered before they are written: thousands of records of a few bytes each shall not be as many writes. */
const GATHER = 256 * 1024

export interface JournalSubject {
  readonly tool: string
  /** Mode of the target: the journal gets no more of it than `& 0600`. */
  readonly mode: number
  readonly target: Fingerprint
  /** The target's length in bytes once the change is complete. */
  readonly finalSize: number
  /** The target's mtime, nanoseconds since 1970, for an undo to put back. */
  readonly mtime?: bigint
}

/**
 * A journal that is being written. Nothing in the target may be changed before `complete` has returned. Memory stays
 * below 2 MiB, whatever the change comes to.
 */
export class JournalWriter {
  readonly #folder: Folder
  readonly #name: FileName
  readonly #path: FileName
  readonly #fd: number
  readonly #header: JournalHeader
  readonly #hash = createHash('sha256')
  #gathered: Uint8Array[] = []
  #gatheredLength = 0
  #at = 0
  #start = 0
  #records = 0
  #bytes = 0
  #over = false

  /**
   * Creates the journal `name` in `folder`: never over a file that is there, never through a link.
   *
   * @throws FileError `exists`, `denied`, `no-space`, ...
   */
  constructor(folder: Folder, name: FileName, subject: JournalSubject) {
    const { tool, mode, target, finalSize, mtime } = subject
    this.#folder = folder
    this.#name = name
    this.#path = folder.pathOf(name)
    const flags = O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR
    try {
      this.#fd = fs.openSync(folder.entry(name), flags, mode & 0o600)
    } catch (error) {
      throw asFileError(error, this.#path, 'cannot create the undo journal')
    }
    const created = new Date().toISOString()
    const left = mtime === undefined ? {} : { mtime: `${mtime}` }
    this.#header = { version: 1, tool, created, target, finalSize, ...left }
    this.#guard(() => this.#begin())
  }

  /**
   * Notes that `after` is to stand at `offset`, where `before` stands now.
   *
   * @param before as long as the old length allows; longer than `after` only where the target is to end there
   * @throws FileError; RangeError: it ends beyond the final length. In both cases the journal is gone.
   */
  add(offset: number, before: Uint8Array, after: Uint8Array): void {
    this.#guard(() => {
      const { target, finalSize } = this.#header
      if (offset + after.length > finalSize)
        throw new RangeError(`a write at ${offset} ends beyond ${finalSize}`)
      const inside = Math.max(0, Math.min(after.length, target.size - offset))
      if (after.length > 0 && before.length !== inside)
        throw new RangeError(`a write at ${offset}: ${before.length} bytes before it, not ${inside}`)
      for (let at = 0; at < before.length; at += LONGEST_RECORD) {
        const end = at + LONGEST_RECORD
        this.#record(offset + at, before.subarray(at, end), after.subarray(at, Math.min(end, before.length)))
      }
      for (let at = before.length; at < after.length; at += LONGEST_RECORD) {
        this.#record(offset + at, new Uint8Array(0), after.subarray(at, at + LONGEST_RECORD))
      }
    })
  }

  /**
   * Brings the journal and its name to the disk: when this returns, the target may be changed.
   *
   * @returns the journal; its descriptor is the caller's to close
   * @throws FileError; then no journal is left
   */
  complete(): Journal {
    this.#guard(() => {
      this.#put(encodeTrailer({ records: this.#records, bytes: this.#bytes, digest: this.#hash.digest() }))
      this.#flush()
      const { size } = fs.fstatSync(this.#fd)
      if (size !== this.#at)
        throw new FileError('short', this.#path, `wrote ${this.#at} bytes, the file system kept ${size}`)
      fs.fsyncSync(this.#fd)
      this.#folder.sync()
      writeFully(this.#fd, encodeState('prepared'), STATE_OFFSET)
      fs.fsyncSync(this.#fd)
    })
    this.#over = true
    return {
      fd: this.#fd,
      path: this.#path,
      state: 'prepared',
      header: this.#header,
      leftAt: undefined,
      records: this.#records,
      bytes: this.#bytes,
      start: this.#start,
    }
  }

  /** Removes what has been written so far; may be called again. */
  discard(): void {
    if (this.#over) return
    this.#over = true
    try {
      fs.unlinkSync(this.#folder.entry(this.#name))
    } catch {
      // What remains is a journal in state `writing`, which the next run knows to mean an untouched target.
    }
    fs.closeSync(this.#fd)
  }

  #begin(): void {
    const bytes = encodeHeader(this.#header)
    this.#start = PREAMBLE_LENGTH + bytes.length
    const length = Buffer.alloc(4)
    length.writeUInt32LE(bytes.length)
    const digest = createHash('sha256').update(bytes).digest()
    const left = Buffer.alloc(PREAMBLE_LENGTH - LEFT_OFFSET)
    this.#put(Buffer.concat([MAGIC, encodeState('writing'), length, digest, left]))
    this.#putHashed(bytes)
  }

  #record(offset: number, before: Uint8Array, bytes: Uint8Array): void {
    const length = before.length || bytes.length
    const after = createHash('sha256').update(bytes).digest()
    const checksum = recordChecksum(offset, length, before)
    this.#putHashed(encodeRecordHead({ offset, length, checksum, after }))
    if (before.length > 0) this.#putHashed(before)
    this.#records++
    this.#bytes += before.length
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

  #guard(action: () => void): void {
    try {
      action()
    } catch (error) {
      this.discard()
      if (error instanceof RangeError) throw error
      throw asFileError(error, this.#path, 'cannot write the undo journal')
    }
  }
}
