import fs from 'node:fs'
import { type FileName, splitFileName } from '../file-name.ts'
import type { Folder } from '../folder.ts'
import { FolderCache } from '../folder-cache.ts'
import type { AttributeMap } from './getfattr-output.ts'
import { runGetfattr } from './run-getfattr.ts'

/** Labels that the kernel gives every new file (security_inode_init_security); most often the right ones already. */
const labels: ReadonlySet<string> = new Set(['security.selinux', 'security.SMACK64'])

/** Linux's O_TMPFILE (asm-generic/fcntl.h, __O_TMPFILE | O_DIRECTORY): a new file that never has a name. */
const O_TMPFILE = 0o20200000

export function areLabels(names: Iterable<string>): boolean {
  return [...names].every((name) => labels.has(name))
}

/**
 * Where SELinux runs, every file has a label, and a program started for each would cost more than ten merges. A new
 * file's label follows from the label of its folder (and from this process), so one look at a new file for each
 * different folder label tells for a whole tree which files would lose theirs.
 */
export class DefaultLabels {
  readonly #folders: FolderCache
  readonly #attributesOf: (path: FileName) => AttributeMap | undefined
  readonly #byFolderLabel = new Map<string, string | undefined>()

  constructor(root: Folder, attributesOf: (path: FileName) => AttributeMap | undefined) {
    this.#folders = new FolderCache(root, 1)
    this.#attributesOf = attributesOf
  }

  /** True if a new file beside this one gets the labels that it has. */
  isGiven(path: FileName): boolean {
    const { folder } = splitFileName(path)
    const folderLabel = labelsIn(this.#attributesOf(folder))
    if (!this.#byFolderLabel.has(folderLabel)) this.#byFolderLabel.set(folderLabel, this.#look(folder))
    return this.#byFolderLabel.get(folderLabel) === labelsIn(this.#attributesOf(path))
  }

  /** Labels of a new file in this folder; undefined if none can be made there. */
  #look(path: FileName): string | undefined {
    let fd: number | undefined
    try {
      fd = fs.openSync(this.#folders.get(path).base, O_TMPFILE | fs.constants.O_RDWR, 0o600)
      const found = runGetfattr(
        ['-d', '-e', 'hex', '-m', '-', '--absolute-names', '--', '/proc/self/fd/3'],
        [fd],
      )
      return typeof found === 'string' ? undefined : labelsIn(found.get('/proc/self/fd/3'))
    } catch {
      // Not a file system for it, or not writable: then each file is looked at on its own.
      return undefined
    } finally {
      if (fd !== undefined) fs.closeSync(fd)
      this.#folders.close()
    }
  }
}

function labelsIn(attributes: AttributeMap | undefined): string {
  return [...labels].map((name) => `${name}=${attributes?.get(name) ?? ''}`).join('\n')
}
