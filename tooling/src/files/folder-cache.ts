import { type FileName, fileNameKey, splitFileName } from './file-name.ts'
import type { Folder } from './folder.ts'

/**
 * The folders below a root, opened when first asked for, step by step and never through a link, and kept open for the
 * next file. The longest unused are closed beyond `limit`, so that a tree of any size fits into `ulimit -n`.
 */
export class FolderCache {
  readonly #root: Folder
  readonly #limit: number
  /** By relative path; a Map keeps insertion order, so the first key is the longest unused. */
  readonly #open = new Map<string, Folder>()

  /** @param root stays the caller's to close */
  constructor(root: Folder, limit = 128) {
    this.#root = root
    this.#limit = limit
  }

  /**
   * The folder at a path relative to the root ('' is the root). It stays open until others push it out; whoever needs it
   * for longer holds it (a replacement does).
   *
   * @throws FileError `symlink`, `missing`, `not-a-folder`, `denied`
   */
  get(path: FileName): Folder {
    if (path.length === 0) return this.#root
    const key = fileNameKey(path)
    const known = this.#open.get(key)
    if (known) {
      this.#open.delete(key)
      this.#open.set(key, known)
      return known
    }
    const { folder: parent, name } = splitFileName(path)
    const folder = this.get(parent).openFolder(name)
    this.#open.set(key, folder)
    this.#evict(folder)
    return folder
  }

  /** Closes all but the root. */
  close(): void {
    for (const folder of this.#open.values()) folder.close()
    this.#open.clear()
  }

  #evict(fresh: Folder): void {
    for (const [key, folder] of this.#open) {
      if (this.#open.size <= this.#limit) return
      if (folder === fresh) continue
      folder.close()
      this.#open.delete(key)
    }
  }
}
