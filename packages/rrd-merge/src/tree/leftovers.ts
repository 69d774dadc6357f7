import {
  type FileName,
  type Folder,
  FolderCache,
  fileNameKey,
  splitFileName,
} from '@nightshift/tooling/files'
import { clearLeftovers } from '../file/clear-leftovers.ts'
import { openFiles } from '../file/open-files.ts'
import type { TreeEntry } from './entry.ts'
import { TARGET, type TreeRoots } from './roots.ts'

/** Removes what killed runs left in the folders that are about to be written to. */
export function removeTreeLeftovers(entries: readonly TreeEntry[], { folders, output }: TreeRoots): void {
  const open = new FolderCache(folders[output] as Folder, openFiles(1, folders.length).folders)
  const seen = new Set<string>()
  try {
    for (const entry of entries) {
      const path = writtenPath(entry, output)
      if (path === undefined) continue
      const { folder } = splitFileName(path)
      if (seen.has(fileNameKey(folder))) continue
      seen.add(fileNameKey(folder))
      const there = openIfThere(open, folder)
      if (there) clearLeftovers(there)
    }
  } finally {
    open.close()
  }
}

/** The path below the output that an entry may be written to. */
function writtenPath(entry: TreeEntry, output: number): FileName | undefined {
  if (entry.kind === 'skip') return undefined
  if (output !== TARGET || entry.kind === 'copy') return entry.path
  return entry.kind === 'pair' ? entry.target.path : undefined
}

/** Folders that are made later are not there; what else is wrong with one shows when it is written to. */
function openIfThere(cache: FolderCache, path: FileName): Folder | undefined {
  try {
    return cache.get(path)
  } catch {
    return undefined
  }
}
