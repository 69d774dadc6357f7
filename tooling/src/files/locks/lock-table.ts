import fs from 'node:fs'
import { inodeOfFdinfo, type LockVisibility, lockVisibility } from './lock-visibility.ts'

/** A lock of another process, as /proc/locks prints it. */
export interface HeldLock {
  /** POSIX: fcntl(2) F_SETLK. OFD: F_OFD_SETLK; it conflicts with POSIX locks. */
  readonly kind: 'posix' | 'ofd'
  readonly access: 'read' | 'write'
  /** -1 for an OFD lock, which belongs to no process. */
  readonly pid: number
}

/**
 * What is known about the locks on a file.
 * `unknown`: none is seen, but one could be there unseen (another machine on NFS, another container).
 */
export type LockState =
  | { readonly state: 'free' }
  | { readonly state: 'held'; readonly locks: readonly HeldLock[] }
  | { readonly state: 'unknown'; readonly why: string }

/** `1: POSIX  ADVISORY  WRITE 4711 fe:00:393221 0 EOF`; a waiting request has `->` before its kind. */
const LINE = /^\d+: (?:-> )?(POSIX|OFDLCK)\s+\S+\s+(READ|WRITE|RW)\s+(-?\d+)\s/

/** The kernel gives the table out by pages; a page's worth is what one read returns. */
const CHUNK = 16384

/** How long reads stay fast after one, in milliseconds, at least. */
const FAST_FOR = 3

const FREE: LockState = { state: 'free' }

/** A file as /proc/locks names it: what to look for, made once for a descriptor. */
export interface LockTarget {
  readonly needle: Buffer
  readonly blind: string | undefined
}

/**
 * Reads /proc/locks, through one descriptor kept open. The first read in some 10 ms takes 5 to 15 ms, the ones that
 * follow 2 us (measured, Linux 6.x): locks_start() of fs/locks.c stops all lockers by percpu_down_write, which waits
 * for an RCU grace period unless one was just waited for. BSD locks (FLOCK) do not conflict and are not reported.
 */
export class LockTable {
  #fd: number | undefined
  #table = Buffer.allocUnsafe(CHUNK)
  readonly #devices = new Map<bigint, LockVisibility>()

  /** Finds out how /proc/locks names the file. Never throws: what cannot be found out is `blind`. */
  target(fd: number, path: string): LockTarget {
    const { dev, ino } = fs.fstatSync(fd, { bigint: true })
    let device = this.#devices.get(dev)
    if (!device) {
      device = lockVisibility(fd, path, dev)
      this.#devices.set(dev, device)
    }
    const inode = device.inodeFromFdinfo ? (inodeOfFdinfo(fd) ?? ino) : ino
    return { needle: Buffer.from(` ${device.device}:${inode} `, 'latin1'), blind: device.blind }
  }

  /** Has the slow first read done on another thread, for a `state` that will be asked soon. */
  prepare(): void {
    if (this.#preparing || clock() - this.#readAt < FAST_FOR) return
    try {
      this.#fd ??= fs.openSync('/proc/locks', 'r')
    } catch {
      return
    }
    this.#preparing = true
    fs.read(this.#fd, Buffer.allocUnsafe(CHUNK), 0, CHUNK, 0, () => {
      this.#preparing = false
      this.#readAt = clock()
    })
  }

  /** Two or three system calls. */
  state(target: LockTarget): LockState {
    let held = this.#find(target)
    // A table of several pages can change between two reads, so that an entry is passed over: look twice.
    if (held === undefined && this.#pages > 1) held = this.#find(target)
    if (held) return { state: 'held', locks: held }
    return target.blind === undefined ? FREE : { state: 'unknown', why: target.blind }
  }

  #pages = 0
  #preparing = false
  #readAt = Number.NEGATIVE_INFINITY

  #find(target: LockTarget): HeldLock[] | undefined {
    const length = this.#read()
    let at = this.#table.indexOf(target.needle)
    if (at < 0 || at >= length) return undefined
    const locks: HeldLock[] = []
    while (at >= 0 && at < length) {
      const start = this.#table.lastIndexOf(10, at) + 1
      const found = LINE.exec(this.#table.toString('latin1', start, at + 1))
      // A request that waits (`->`) will be a writer in a moment: it counts as one.
      if (found)
        locks.push({
          kind: found[1] === 'POSIX' ? 'posix' : 'ofd',
          access: found[2] === 'READ' ? 'read' : 'write',
          pid: Number(found[3]),
        })
      at = this.#table.indexOf(target.needle, at + 1)
    }
    return locks.length === 0 ? undefined : locks
  }

  /** The whole table; an offset of 0 makes the kernel write it anew. */
  #read(): number {
    let length = 0
    this.#pages = 0
    try {
      this.#fd ??= fs.openSync('/proc/locks', 'r')
      for (;;) {
        if (this.#table.length - length < 4096) {
          const wider = Buffer.allocUnsafe(this.#table.length * 2)
          this.#table.copy(wider, 0, 0, length)
          this.#table = wider
        }
        const got = fs.readSync(this.#fd, this.#table, length, this.#table.length - length, length)
        if (got === 0) break
        length += got
        this.#pages += 1
      }
    } catch {
      // Not Linux, or /proc is hidden: lockVisibility has said so in `blind`.
      return 0
    }
    this.#table[length] = 0
    this.#readAt = clock()
    return length
  }
}

/** Milliseconds, never running backwards. Not `performance.now()`: its module takes 1 to 4 ms to load. */
function clock(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6
}

let shared: LockTable | undefined

/** One table for the process: a worker thread has its own. */
export function lockTable(): LockTable {
  shared ??= new LockTable()
  return shared
}

/** Whether somebody may be writing: a reader's lock keeps nobody from reading. */
export function hasWriter(state: LockState): boolean {
  return state.state === 'held' && state.locks.some((lock) => lock.access === 'write')
}
