import { stat, statfs } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'

/** What tells that a file was replaced or written: rrdtool renames a new file into place, or writes the old one. */
export interface FileState {
  readonly inode: bigint
  readonly size: bigint
  readonly modified: bigint
  readonly changed: bigint
}

/** The state of a regular file (links are followed, as rrdtool does); undefined if there is none. */
export async function fileState(path: string): Promise<FileState | undefined> {
  try {
    const found = await stat(path, { bigint: true })
    if (!found.isFile()) return undefined
    return { inode: found.ino, size: found.size, modified: found.mtimeNs, changed: found.ctimeNs }
  } catch {
    return undefined
  }
}

/** The kernel stamps times by its tick, 1 to 10 ms. */
const TICK = 15

/**
 * As `fileState`, but not within the tick in which the file was last written: a second write in that tick could leave
 * every time as it was.
 */
export async function settledState(path: string): Promise<FileState | undefined> {
  const found = await fileState(path)
  if (!found || Date.now() - Number(found.changed / 1_000_000n) > TICK) return found
  await setTimeout(TICK)
  return fileState(path)
}

/** Whether the file is another one than before, or was written since. */
export function hasChanged(before: FileState | undefined, after: FileState): boolean {
  return (
    before === undefined ||
    before.inode !== after.inode ||
    before.size !== after.size ||
    before.modified !== after.modified ||
    before.changed !== after.changed
  )
}

const TMPFS = 0x01021994

/** Whether writing to a mapped file shows in its times; rrdtool maps what it updates and tunes, and tmpfs keeps no track. */
export async function datesMappedWrites(path: string): Promise<boolean> {
  return (await statfs(path)).type !== TMPFS
}
