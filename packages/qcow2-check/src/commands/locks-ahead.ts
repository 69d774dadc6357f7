import { openSync, read, readSync } from 'node:fs'

/** What one read gives out at most, bytes: the kernel fills a page with whole lines (seq_read_iter of fs/seq_file.c). */
const PAGE = 4096
/** Longer than any line; a page with more room left was the last. */
const LONGEST_LINE = 256
/** Milliseconds after a read within which the next is fast, at least. */
const FAST_FOR = 3

let file: number | undefined
let reading: Promise<Buffer | undefined> | undefined
let readAt = Number.NEGATIVE_INFINITY

/**
 * Has /proc/locks read on another thread: the first read in some 10 ms waits for an RCU grace period, 5 to 25 ms. Called
 * when a run begins, it is there once an image has been surveyed. One operation of the thread pool, not the five of
 * `readFile`: between two of them the survey would have to stop.
 */
export function readLocksAhead(): void {
  reading ??= beginRead()
}

/**
 * The table of locks as it was about now, for one image.
 *
 * @returns undefined: it can't be read
 */
export function lockTableBytes(): Promise<Buffer | undefined> | Buffer | undefined {
  const begun = reading
  reading = undefined
  if (begun !== undefined) return begun
  if (now() - readAt > FAST_FOR) return beginRead()
  try {
    return readRest(Buffer.alloc(0))
  } catch {
    return undefined
  }
}

function beginRead(): Promise<Buffer | undefined> {
  const page = Buffer.allocUnsafe(PAGE)
  return new Promise((resolve) => {
    try {
      read(opened(), page, 0, PAGE, 0, (error, length) => {
        readAt = now()
        resolve(error ? undefined : wholeOf(page.subarray(0, length)))
      })
    } catch {
      resolve(undefined)
    }
  })
}

function wholeOf(page: Buffer): Buffer | undefined {
  if (page.length + LONGEST_LINE <= PAGE) return page
  try {
    return readRest(page)
  } catch {
    return undefined
  }
}

/** What follows `begun`, up to the end of the table. */
function readRest(begun: Buffer): Buffer {
  const parts = [begun]
  let length = begun.length
  for (;;) {
    const page = Buffer.allocUnsafe(PAGE)
    const part = page.subarray(0, readSync(opened(), page, 0, PAGE, length))
    readAt = now()
    parts.push(part)
    length += part.length
    if (part.length + LONGEST_LINE <= PAGE) return Buffer.concat(parts)
  }
}

function opened(): number {
  file ??= openSync('/proc/locks', 'r')
  return file
}

/** Milliseconds. Not `performance.now()`: its module takes 1 to 4 ms to load. */
function now(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6
}
