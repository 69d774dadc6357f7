import fs from 'node:fs'
import { readFully } from './open-file.ts'
import type { Replacement } from './replacement.ts'

const PIECE = 1024 * 1024

const hasProc = fs.existsSync('/proc/self/fd')

/**
 * Gives a replacement the content of an open file: as a reflink where the file system has them (XFS, Btrfs: no data is
 * copied), else copied within the kernel. Both files are named by their descriptors, so nothing can be swapped.
 *
 * @throws FileError `no-space`, `io`, ...; then the replacement has been discarded
 */
export function copyContent(source: number, into: Replacement): void {
  const { size } = fs.fstatSync(source)
  if (!hasProc || !cloned(source, into.fd)) {
    copyPieces(source, into)
    return
  }
  into.expectLength(size)
}

function cloned(source: number, target: number): boolean {
  try {
    fs.copyFileSync(`/proc/self/fd/${source}`, `/proc/self/fd/${target}`, fs.constants.COPYFILE_FICLONE)
    return true
  } catch {
    // The names open the files anew, which their modes may forbid (0000, and not root); a full disk shows below again.
    fs.ftruncateSync(target, 0)
    return false
  }
}

function copyPieces(source: number, into: Replacement): void {
  const piece = Buffer.allocUnsafe(PIECE)
  for (let at = 0; ; ) {
    const got = readFully(source, piece, at)
    if (got === 0) return
    into.write(piece.subarray(0, got), at)
    at += got
  }
}
