import { type Journal, preImages } from '@nightshift/tooling/files'
import type { FileSource } from '../source/index.ts'

/**
 * Puts every byte back that an undo file holds, and the length, and brings it to the disk. May be repeated after being
 * interrupted.
 *
 * @param onProgress bytes done and to be done
 */
export function putBack(
  journal: Journal,
  source: FileSource,
  onProgress?: (done: number, total: number) => void,
): void {
  let done = 0
  for (const { offset, before } of preImages(journal)) {
    if (before.length > 0) source.write(before, offset)
    done += before.length
    onProgress?.(done, journal.bytes)
  }
  const { size } = journal.header.target
  if (source.size !== size) source.truncate(size)
  source.flush()
}
