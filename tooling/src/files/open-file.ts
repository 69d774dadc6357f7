import fs from 'node:fs'
import { asFileError, FileError } from './file-error.ts'
import type { FileName } from './file-name.ts'

const { O_RDONLY, O_RDWR, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = fs.constants

/** An open regular file and what fstat said about it when it was opened. */
export interface OpenFile {
  readonly fd: number
  readonly stats: fs.Stats
}

/**
 * Opens a regular file without following a link and without hanging on a FIFO: O_NONBLOCK returns at once, and fstat
 * on the descriptor, which can't be swapped any more, decides.
 *
 * @param entry the name to open, as `Folder.entry` gives it
 * @param path the name for messages
 * @throws FileError `symlink`, `not-regular`, `missing`, `denied`, ...
 */
export function openRegularFile(
  entry: FileName,
  path: FileName,
  access: 'read' | 'update' = 'read',
): OpenFile {
  const flags = (access === 'read' ? O_RDONLY : O_RDWR) | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
  let fd: number
  try {
    fd = fs.openSync(entry, flags)
  } catch (error) {
    throw asFileError(error, path, access === 'read' ? 'cannot read' : 'cannot open for writing')
  }
  try {
    const stats = fs.fstatSync(fd)
    if (!stats.isFile()) throw new FileError('not-regular', path, `is ${kindOf(stats)}, not a regular file`)
    return { fd, stats }
  } catch (error) {
    fs.closeSync(fd)
    throw asFileError(error, path, 'cannot read')
  }
}

/** What a file is, for a message. */
export function kindOf(stats: fs.Stats): string {
  if (stats.isFile()) return 'a regular file'
  if (stats.isDirectory()) return 'a folder'
  if (stats.isSymbolicLink()) return 'a symbolic link'
  if (stats.isFIFO()) return 'a named pipe'
  if (stats.isSocket()) return 'a socket'
  return 'a device'
}

/** Node refuses to read or write 2 GiB or more at once. */
const PIECE = 2 ** 30

/**
 * Fills `into` from `position` on; returns the bytes read, fewer than asked for only at the end of the file. One
 * read(2) may stop short (signals, 2 GiB limit, network file systems).
 */
export function readFully(fd: number, into: Uint8Array, position: number): number {
  let done = 0
  while (done < into.length) {
    const got = fs.readSync(fd, into, done, Math.min(into.length - done, PIECE), position + done)
    if (got === 0) break
    done += got
  }
  return done
}

/** Writes all of `bytes` at `position`; one write(2) may stop short, and a full disk shows only on the next. */
export function writeFully(fd: number, bytes: Uint8Array, position: number): void {
  let done = 0
  while (done < bytes.length) {
    const length = Math.min(bytes.length - done, PIECE)
    done += fs.writeSync(fd, bytes, done, length, position + done)
  }
}
