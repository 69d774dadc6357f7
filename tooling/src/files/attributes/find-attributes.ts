import { type FileName, fileNameBytes, splitFileName } from '../file-name.ts'
import type { Folder } from '../folder.ts'
import { areLabels, DefaultLabels } from './default-labels.ts'
import type { AttributeMap } from './getfattr-output.ts'
import { runGetfattr } from './run-getfattr.ts'

/** A folder's default ACL: what is made in it inherits it, and so differs from a file that has none. */
const DEFAULT_ACL = 'system.posix_acl_default'

/** What is known of the extended attributes (access control lists among them) of a tree. */
export interface AttributeIndex {
  /** False without getfattr, or where it failed: then nothing is kept, and the user is told (`xattr-unknown`). */
  readonly known: boolean
  /** Why not. */
  readonly reason?: string
  /** Names of the attributes of a file or folder, by path relative to the root; '' is the root. */
  of(path: FileName): readonly string[]
  /**
   * True if a replacement of this file has to be given attributes, or freed of inherited ones. Labels of SELinux that it
   * gets by itself don't count; to know them, a nameless file may be made in the file's folder and closed again.
   */
  concerns(path: FileName): boolean
}

/** Finds all files of a tree that have extended attributes, with one `getfattr` for all of them. */
export function findAttributes(root: Folder): AttributeIndex {
  // "/." makes the link that a descriptor's name is a folder; below it -P follows no link.
  const start = '/proc/self/fd/3/.'
  const args = ['-R', '-P', '-h', '-d', '-e', 'hex', '-m', '-', '--absolute-names', '--', start]
  const found = runGetfattr(args, [root.fd])
  if (typeof found === 'string') return unknownAttributes(found)
  const at = (path: FileName): AttributeMap | undefined =>
    found.get(path.length === 0 ? start : `${start}/${fileNameBytes(path).toString('latin1')}`)
  const given = new DefaultLabels(root, at)
  return indexOf(found, at, (path) => given.isGiven(path))
}

/** As `findAttributes`, for one open file in a folder: its path is its name. */
export function findFileAttributes(folder: Folder, name: FileName, fd: number): AttributeIndex {
  const [file, parent] = ['/proc/self/fd/3', '/proc/self/fd/4/.']
  const found = runGetfattr(['-m', '-', '--absolute-names', '--', file, parent], [fd, folder.fd])
  if (typeof found === 'string') return unknownAttributes(found)
  const own = fileNameBytes(name)
  const keyOf = (path: FileName): string =>
    path.length === 0 ? parent : fileNameBytes(path).equals(own) ? file : ''
  return indexOf(
    found,
    (path) => found.get(keyOf(path)),
    () => false,
  )
}

function indexOf(
  found: Map<string, AttributeMap>,
  at: (path: FileName) => AttributeMap | undefined,
  labelsGiven: (path: FileName) => boolean,
): AttributeIndex {
  const of = (path: FileName): string[] => [...(at(path)?.keys() ?? [])]
  // Most trees have none at all: then no path needs to be turned into a key.
  if (found.size === 0) return { known: true, of: () => [], concerns: () => false }
  const concerns = (path: FileName): boolean => {
    if (of(splitFileName(path).folder).includes(DEFAULT_ACL)) return true
    const names = of(path)
    return names.length > 0 && !(areLabels(names) && labelsGiven(path))
  }
  return { known: true, of, concerns }
}

function unknownAttributes(reason: string): AttributeIndex {
  return { known: false, reason, of: () => [], concerns: () => false }
}
