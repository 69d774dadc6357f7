import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/** As much is looked through for the last lines. */
const LOOKED_THROUGH = 1 << 20
const CHUNK = 64 * 1024
const LOOK_MS = 200

/** An open log that is read to its end, again and again, also when it is emptied or replaced. */
export class LogTail implements Disposable {
  readonly path: string
  #fd: number | undefined
  #at = 0

  constructor(path: string) {
    this.path = path
  }

  /** The last lines that are there, as bytes; a last line without an end is one too. */
  last(lines: number): Buffer {
    const fd = this.#open()
    if (fd === undefined) return Buffer.alloc(0)
    const { size } = fstatSync(fd)
    const bytes = Buffer.alloc(Math.min(size, LOOKED_THROUGH))
    const read = readSync(fd, bytes, 0, bytes.length, size - bytes.length)
    this.#at = size - bytes.length + read
    return lastLines(bytes.subarray(0, read), lines)
  }

  /** What came since; undefined where there is nothing new. */
  more(): Buffer | undefined {
    const fd = this.#open()
    if (fd === undefined) return undefined
    if (fstatSync(fd).size < this.#at) this.#at = 0
    const bytes = Buffer.alloc(CHUNK)
    const read = readSync(fd, bytes, 0, CHUNK, this.#at)
    this.#at += read
    if (read > 0) return bytes.subarray(0, read)
    // Only what has been read to its end is left for the file that took its name.
    if (this.#isReplaced(fd)) this[Symbol.dispose]()
    return undefined
  }

  [Symbol.dispose](): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
    this.#at = 0
  }

  #open(): number | undefined {
    try {
      this.#fd ??= openSync(this.path, constants.O_RDONLY | constants.O_NONBLOCK)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
    return this.#fd
  }

  #isReplaced(fd: number): boolean {
    const mine = fstatSync(fd)
    const named = statSync(this.path, { throwIfNoEntry: false })
    return named !== undefined && (named.ino !== mine.ino || named.dev !== mine.dev)
  }
}

/**
 * What comes into logs, as it comes.
 *
 * @param isOver asked when nothing new is there: true ends it
 */
export async function* follow(
  logs: readonly LogTail[],
  isOver: () => boolean,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for (;;) {
    const over = isOver()
    let silent = true
    for (const log of logs) {
      for (let bytes = log.more(); bytes !== undefined; bytes = log.more()) {
        silent = false
        yield bytes
      }
    }
    if (silent && over) return
    if (silent) await pause(LOOK_MS, undefined, { signal })
  }
}

function lastLines(bytes: Buffer, lines: number): Buffer {
  let at = bytes.length
  // The end of the last line is no beginning of another.
  if (bytes[at - 1] === 0x0a) at--
  for (let left = lines; left > 0 && at > 0; left--) {
    at = bytes.lastIndexOf(0x0a, at - 1)
    if (at < 0) return bytes
  }
  return lines === 0 ? Buffer.alloc(0) : bytes.subarray(at + 1)
}
