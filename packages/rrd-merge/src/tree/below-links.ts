import { lstatSync } from 'node:fs'
import {
  type FileName,
  type Folder,
  fileNameKey,
  fileNameText,
  joinFileName,
  splitFileName,
} from '@nightshift/tooling/files'
import { RrdError } from '../format/index.ts'
import type { TreeEntry } from './entry.ts'

/** What stands where a folder is to be: a folder, nothing, or something that no folder can be made of. */
type Place = 'folder' | 'nothing' | { readonly path: FileName; readonly link: boolean }

/**
 * Leaves the files alone that would be made in a folder which is a link where they go: nothing is written through a link
 * that the operator didn't name. Found while planning, so that a dry run says so too.
 *
 * @param into NEW, or OUT
 */
export function leaveBelowLinks(
  entries: readonly TreeEntry[],
  into: Folder,
  made: ReadonlySet<TreeEntry['kind']>,
): TreeEntry[] {
  const known = new Map<string, Place>([['', 'folder']])
  const look = (path: FileName): Place => {
    const key = fileNameKey(path)
    const before = known.get(key)
    if (before !== undefined) return before
    const above = look(splitFileName(path).folder)
    const place = above === 'folder' ? placeAt(into, path) : above
    known.set(key, place)
    return place
  }
  return entries.map((entry) => {
    const place = made.has(entry.kind) ? look(splitFileName(entry.path).folder) : 'folder'
    return typeof place === 'string' ? entry : leave(entry.path, place)
  })
}

function placeAt(into: Folder, path: FileName): Place {
  const stats = lstatSync(joinFileName(into.base, path), { throwIfNoEntry: false })
  if (!stats) return 'nothing'
  return stats.isDirectory() ? 'folder' : { path, link: stats.isSymbolicLink() }
}

function leave(path: FileName, { path: at, link }: Exclude<Place, string>): TreeEntry {
  const where = fileNameText(at)
  const code = link ? 'symlink' : 'not-a-folder'
  const message = `${fileNameText(path)}: ${where} is ${link ? 'a symbolic link' : 'no folder'} where it would be made`
  if (link) return { kind: 'skip', path, code, message }
  return {
    kind: 'skip',
    path,
    code,
    message,
    failure: new RrdError('EMISMATCH', message, {
      remedy: `remove ${where}, or leave the file out with --exclude`,
    }),
  }
}
