import { close, closeSync } from 'node:fs'

/** Files that are being closed at once, at most. */
const MOST = 16

let pending = 0

/**
 * Closes a file that has no name any more: the file system frees all of it then, and its journal lets the caller wait
 * (0.7 ms for 0.9 MB on ext4, more than the merge itself). Another thread does that waiting.
 */
export const closeAside = (fd: number): void => {
  if (pending >= MOST) {
    closeSync(fd)
    return
  }
  pending += 1
  close(fd, () => {
    pending -= 1
  })
}
