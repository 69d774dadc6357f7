import fs from 'node:fs'
import { asFileError, type FileError } from './file-error.ts'
import { decodeFileName, type FileName } from './file-name.ts'
import type { Folder } from './folder.ts'
import { isAlive } from './process-identity.ts'
import { isTemporaryFor, parseTemporaryName, type TemporaryName } from './temporary-name.ts'

/** A file of another host or container is taken for left over when nothing wrote to it for a day. */
const FOREIGN_AGE_MS = 24 * 3600 * 1000

export interface LeftoverOptions {
  readonly tool: string
  /** Only those that were to become this file. Left out: all of the folder. */
  readonly target?: FileName
  /** Entries of the folder, if it has been listed already. */
  readonly names?: Iterable<FileName>
}

/** A temporary file that a killed run left; `error` if it could not be removed. */
export interface Leftover {
  readonly path: FileName
  readonly error?: FileError
}

/**
 * Removes what killed runs of this tool left in a folder: regular files whose name `temporaryName` made,
 * whose maker no longer runs, and that belong to the caller or, for root, to the owner of the file that they were to
 * replace. Anything else of such a name was put there by somebody, and is left.
 */
export function removeLeftovers(folder: Folder, options: LeftoverOptions): Leftover[] {
  const removed: Leftover[] = []
  for (const name of options.names ?? folder.list().map((entry) => entry.name)) {
    const temporary = parseTemporaryName(name, options.tool)
    if (!temporary) continue
    if (options.target !== undefined && !isTemporaryFor(temporary, options.target)) continue
    const stats = folder.statEntry(name)
    if (stats && isAbandoned(stats, temporary) && isOurs(folder, stats, temporary))
      removed.push(remove(folder, name))
  }
  return removed
}

function isAbandoned(stats: fs.Stats, { maker }: TemporaryName): boolean {
  if (!stats.isFile()) return false
  return !(isAlive(maker) ?? Date.now() - stats.ctimeMs < FOREIGN_AGE_MS)
}

function isOurs(folder: Folder, stats: fs.Stats, temporary: TemporaryName): boolean {
  const me = process.geteuid?.()
  if (stats.uid === me && stats.nlink === 1) return true
  const target = temporary.cut ? undefined : folder.statEntry(decodeFileName(temporary.target))
  if (!target) return false
  // A new file is linked to its name before its temporary name goes: killed in between, it has both.
  const linked = stats.nlink === 2 && target.ino === stats.ino && target.dev === stats.dev
  if (stats.nlink !== 1 && !linked) return false
  // Owner and mode are set before the rename: a killed run of root may have given the file to the target's owner.
  return stats.uid === me || (me === 0 && stats.uid === target.uid)
}

function remove(folder: Folder, name: FileName): Leftover {
  const path = folder.pathOf(name)
  try {
    fs.unlinkSync(folder.entry(name))
    return { path }
  } catch (error) {
    return { path, error: asFileError(error, path, 'cannot remove what a killed run left') }
  }
}
