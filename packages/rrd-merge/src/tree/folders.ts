import { type FileName, type Folder, FolderCache, splitFileName } from '@nightshift/tooling/files'
import type { Place } from '../file/place.ts'
import type { Located } from './entry.ts'

/** The folders of one tree merge as one thread has them open: below NEW, each OLD and OUT. */
export class TreeFolders {
  readonly #roots: readonly Folder[]
  readonly #caches: readonly FolderCache[]

  /**
   * @param roots NEW first, then the OLDs; they stay the caller's to close
   * @param limit of folders kept open below each
   */
  constructor(roots: readonly Folder[], limit: number) {
    this.#roots = roots
    this.#caches = roots.map((root) => new FolderCache(root, limit))
  }

  root(index: number): Folder {
    return this.#roots[index] as Folder
  }

  /** The place of a file, its folder held: whoever took it releases it. */
  place({ root, path }: Located): Place {
    const cache = this.#caches[root] as FolderCache
    const { folder, name } = splitFileName(path)
    const open = cache.get(folder)
    open.hold()
    return { folder: open, name }
  }

  /** Size of a file in bytes, 0 where there is none: what is wrong with it shows when it is opened. */
  size(place: Place): number {
    return place.folder.statEntry(place.name)?.size ?? 0
  }

  close(): void {
    for (const cache of this.#caches) cache.close()
  }
}

/** The path's folders from the outermost: `a/b/c.rrd` gives `a`, `a/b`. */
export function foldersAbove(path: FileName): FileName[] {
  const above: FileName[] = []
  for (let { folder } = splitFileName(path); folder.length > 0; { folder } = splitFileName(folder)) {
    above.unshift(folder)
  }
  return above
}
