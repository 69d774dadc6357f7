import { type Undone, type UndoOptions, undo as undoRepair } from '../repair/index.ts'

/**
 * Puts back every byte that a repair changed, and the length. The undo file stays, marked so that a second undo has
 * nothing to do. Interrupted, it may be called again.
 *
 * @param path of the image (a Buffer where its name is no UTF-8); an undo file doesn't know it
 * @throws Qcow2Error `stale`: the length, the bytes that the repair wrote or the modification time differ from what it
 *   left, or the undo file is damaged or none; `in-use`, `lock-state-unknown`, `unreadable`, `not-written`
 */
export function undo(
  path: string | Buffer,
  undoFile: string | Buffer,
  options: UndoOptions = {},
): Promise<Undone> {
  return undoRepair(path, undoFile, options)
}
