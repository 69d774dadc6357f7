import { closeSync, fstatSync, lstatSync, readSync } from 'node:fs'
import { hasWriter, type LockState, type LockTarget, lockTable } from '@nightshift/tooling/files'
import { clock } from '../clock.ts'
import { decodeHeader, type RrdHeader } from '../format/index.ts'
import { changedCells, closed, type Moment, momentOf, rowsTouched, structureLength } from './moment.ts'
import type { ByteRange, Patch, RowSpan } from './types.ts'

/** What a look at the header found, against the header known before. */
export type Look = 'same' | 'moved' | 'restructured'

/** A look that also minds the lock. `busy`: the same header, but somebody holds the lock to write. */
export type Standing = Look | 'busy'

/** A look at the locks that took longer, in milliseconds, says too little about now. */
const PROMPT = 0.5

/** Seconds. An mtime can stay behind a write through a mapping, last_up behind one that loads history. */
const DORMANT_SINCE_UPDATE = 3600
const DORMANT_SINCE_WRITE = 60

/** Node refuses to read 2 GiB or more at once. */
const PIECE = 2 ** 30

const readFully = (
  fd: number,
  into: Uint8Array,
  offset: number,
  length: number,
  position: number,
): number => {
  let got = 0
  while (got < length) {
    const now = readSync(fd, into, offset + got, Math.min(length - got, PIECE), position + got)
    if (now === 0) break
    got += now
  }
  return got
}

/**
 * One open RRD that somebody may be updating. Its header works as a sequence lock: each update changes it, pointers
 * before the rows and last_up after them (rrd_update.c, through a shared mapping, so mtime proves nothing), so cells
 * read between two equal headers with no writer's lock in between belong to that header.
 */
export class LiveInode {
  readonly fd: number
  readonly path: string
  readonly #locks: boolean
  #target: LockTarget | undefined
  #header: RrdHeader | undefined
  #known: Uint8Array = new Uint8Array(0)
  #seen: Uint8Array = new Uint8Array(0)
  #moment: Moment = { lastUpdate: 0, rows: [], open: [] }

  /** @param locks false where /proc/locks shall not be asked */
  constructor(fd: number, path: string, locks: boolean) {
    this.fd = fd
    this.path = path
    this.#locks = locks
  }

  get header(): RrdHeader {
    if (!this.#header) throw new Error('the header has not been read')
    return this.#header
  }

  /** The moment that the known header stands for. */
  get moment(): Moment {
    return this.#moment
  }

  lockState(): LockState {
    const target = this.#lockTarget()
    return target ? lockTable().state(target) : { state: 'free' }
  }

  /** Found out when first asked for: most OLDs are dormant, and nobody asks. */
  #lockTarget(): LockTarget | undefined {
    if (this.#locks) this.#target ??= lockTable().target(this.fd, this.path)
    return this.#target
  }

  /** Why locks on it might be there and not be seen; undefined where all are seen, or nobody looks. */
  get locksUnseen(): string | undefined {
    return this.#lockTarget()?.blind
  }

  size(): number {
    return fstatSync(this.fd).size
  }

  /** Nothing was written for long, by its own clock and by the file system's: most likely nobody updates it. */
  dormant(): boolean {
    const now = Date.now() / 1000
    const mtime = fstatSync(this.fd).mtimeMs / 1000
    return this.header.lastUpdate < now - DORMANT_SINCE_UPDATE && mtime < now - DORMANT_SINCE_WRITE
  }

  /**
   * Reads the whole file, header first.
   * @throws RrdError where it is no RRD, or not a whole one
   */
  readAll(image: Uint8Array): void {
    const got = readFully(this.fd, image, 0, image.length, 0)
    const header = decodeHeader(got === image.length ? image : image.subarray(0, got))
    this.#keep(header, image, momentOf(header, image))
  }

  /** Takes the header in `bytes`, which this process has written, for the one known. */
  know(header: RrdHeader, bytes: Uint8Array): void {
    this.#keep(header, bytes, closed(momentOf(header, bytes)))
  }

  #keep(header: RrdHeader, bytes: Uint8Array, moment: Moment): void {
    this.#header = header
    this.#known = Uint8Array.prototype.slice.call(bytes, 0, header.length)
    this.#seen = new Uint8Array(header.length)
    this.#moment = moment
  }

  /** Reads the header again and compares. */
  look(): Look {
    const length = this.#known.length
    if (readFully(this.fd, this.#seen, 0, length, 0) < length) return 'restructured'
    if (Buffer.compare(this.#seen, this.#known) === 0) return 'same'
    const structure = structureLength(this.header)
    const same = Buffer.compare(this.#seen.subarray(0, structure), this.#known.subarray(0, structure)) === 0
    return same ? 'moved' : 'restructured'
  }

  /**
   * Whether there was no update since the known header and none is under way. Header first, so that the lock is the
   * last thing seen before what the caller does next; once more where the look at the locks took long.
   */
  still(): Standing {
    for (let attempt = 1; ; attempt += 1) {
      const look = this.look()
      if (look !== 'same') return look
      const began = clock()
      if (hasWriter(this.lockState())) return 'busy'
      if (clock() - began < PROMPT || attempt === 3) return this.#whole()
    }
  }

  /**
   * Whether cells read before this call belong to the known header: lock first. An update that began after the lock
   * was looked at had not written a row when the cells were read; one that ended before has changed the header.
   */
  settled(): Standing {
    const writing = hasWriter(this.lockState())
    const look = this.look()
    if (look !== 'same') return look
    return writing ? 'busy' : this.#whole()
  }

  #whole(): 'same' {
    if (this.#moment.open.length > 0) this.#moment = closed(this.#moment)
    return 'same'
  }

  /**
   * After a look: reads what changed since the known header into `image`, which has this file's layout, and takes
   * the header seen for the known one.
   * @param written told of each range of `image` that changed
   */
  catchUp(image: Uint8Array, written: (range: ByteRange) => void): void {
    const now = momentOf(this.header, this.#seen, this.#moment)
    const ranges = changedCells(this.header, this.#moment, now)
    for (const range of ranges) {
      readFully(this.fd, image, range.offset, range.length, range.offset)
      written(range)
    }
    image.set(this.#seen, 0)
    written({ offset: 0, length: this.#seen.length })
    this.#adopt(now)
  }

  /** After a look: takes the header seen for the known one, without reading cells. */
  adopt(): void {
    this.#adopt(momentOf(this.header, this.#seen, this.#moment))
  }

  /** Bytes of the known header. */
  get headerBytes(): Uint8Array {
    return this.#known
  }

  /** The cells that differ, or may, since a moment. */
  cellsSince(from: Moment): Patch[] {
    return changedCells(this.header, from, this.#moment).map(({ offset, length }) => ({
      offset,
      bytes: this.readAt(offset, length),
    }))
  }

  /** Whether `name` still means this file; true without a name. */
  isAt(name: string | Buffer | undefined): boolean {
    if (name === undefined) return true
    try {
      const there = lstatSync(name, { bigint: true })
      const here = fstatSync(this.fd, { bigint: true })
      return there.ino === here.ino && there.dev === here.dev
    } catch {
      return false
    }
  }

  readAt(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    readFully(this.fd, bytes, 0, length, offset)
    return bytes
  }

  /** Rows that the updates since a moment reached, see `rowsTouched`. */
  touched(from: Moment, next: 0 | 1): RowSpan[] {
    return rowsTouched(this.header, from, this.#moment, next)
  }

  close(): void {
    closeSync(this.fd)
  }

  #adopt(now: Moment): void {
    const swap = this.#known
    this.#known = this.#seen
    this.#seen = swap
    this.#moment = now
  }
}
