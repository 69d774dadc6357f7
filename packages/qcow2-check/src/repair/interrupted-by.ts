import type { FileName } from '@nightshift/tooling/files'
import { Qcow2Error } from '../errors.ts'
import { hasUndoFile } from './has-undo-file.ts'

/**
 * The undo file, of a default name, of a repair or an undo of this image that was interrupted. One that can't be read is
 * passed over: root and its owner may, and who may not can't repair either.
 *
 * @param fd the image, open
 */
export async function interruptedBy(path: FileName, fd: number): Promise<string | undefined> {
  if (!hasUndoFile(fd)) return undefined
  const { findUnfinished } = await import('./unfinished.ts')
  try {
    return findUnfinished(path)[0]
  } catch (error) {
    if (error instanceof Qcow2Error) return undefined
    throw error
  }
}
