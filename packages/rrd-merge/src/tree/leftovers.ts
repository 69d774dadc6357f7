import { type Folder, FolderCache, removeLeftovers, splitFileName } from '@nightshift/tooling/files'
import { TOOL } from '../file/stage.ts'
import type { TreeEntry } from './entry.ts'
import { TARGET } from './roots.ts'

/** Removes what killed runs left in the folders of NEW that are about to be written to. */
export function removeTreeLeftovers(entries: readonly TreeEntry[], target: Folder): void {
  const folders = new FolderCache(target)
  const seen = new Set<Folder>()
  try {
    for (const entry of entries) {
      if (entry.kind !== 'pair' || entry.target.root !== TARGET) continue
      const folder = folders.get(splitFileName(entry.target.path).folder)
      if (seen.has(folder)) continue
      seen.add(folder)
      removeLeftovers(folder, { tool: TOOL })
    }
  } finally {
    folders.close()
  }
}
