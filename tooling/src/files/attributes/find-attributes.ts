import { spawnSync } from 'node:child_process'
import { type FileName, fileNameBytes, splitFileName } from '../file-name.ts'
import type { Folder } from '../folder.ts'
import { type AttributeMap, parseGetfattr } from './getfattr-output.ts'

/** A listing of more than this is of no tree that a tool works on. */
const MOST_OUTPUT = 512 * 1024 * 1024

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
  /** True if a replacement of this file has to be given attributes, or freed of inherited ones. */
  concerns(path: FileName): boolean
}

/** Finds all files of a tree that have extended attributes, with one `getfattr` for all of them. */
export function findAttributes(root: Folder): AttributeIndex {
  // "/." makes the link that a descriptor's name is a folder; below it -P follows no link.
  const start = '/proc/self/fd/3/.'
  const found = runGetfattr(['-R', '-P', '-h', '-m', '-', '--absolute-names', '--', start], [root.fd])
  if (typeof found === 'string') return unknownAttributes(found)
  return indexOf(found, (path) =>
    path.length === 0 ? start : `${start}/${fileNameBytes(path).toString('latin1')}`,
  )
}

/** As `findAttributes`, for one open file in a folder: its path is its name. */
export function findFileAttributes(folder: Folder, name: FileName, fd: number): AttributeIndex {
  const [file, parent] = ['/proc/self/fd/3', '/proc/self/fd/4/.']
  const found = runGetfattr(['-m', '-', '--absolute-names', '--', file, parent], [fd, folder.fd])
  if (typeof found === 'string') return unknownAttributes(found)
  const own = fileNameBytes(name)
  return indexOf(found, (path) => (fileNameBytes(path).equals(own) ? file : path.length === 0 ? parent : ''))
}

function indexOf(found: Map<string, AttributeMap>, keyOf: (path: FileName) => string): AttributeIndex {
  const of = (path: FileName): string[] => [...(found.get(keyOf(path))?.keys() ?? [])]
  // Most trees have none at all: then no path needs to be turned into a key.
  if (found.size === 0) return { known: true, of: () => [], concerns: () => false }
  const concerns = (path: FileName): boolean =>
    of(path).length > 0 || of(splitFileName(path).folder).includes(DEFAULT_ACL)
  return { known: true, of, concerns }
}

function unknownAttributes(reason: string): AttributeIndex {
  return { known: false, reason, of: () => [], concerns: () => false }
}

/**
 * Runs getfattr with descriptors passed as 3, 4, ...; its answer, or why there is none. Its exit status is no guide (1
 * for a single file that vanished or can't be read): what it printed is.
 */
export function runGetfattr(
  args: readonly string[],
  fds: readonly number[],
): Map<string, AttributeMap> | string {
  const run = spawnSync('getfattr', args, {
    stdio: ['ignore', 'pipe', 'pipe', ...fds],
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: MOST_OUTPUT,
  })
  if (run.error) {
    const missing = 'code' in run.error && run.error.code === 'ENOENT'
    return missing ? 'getfattr is not installed (Debian: apt install attr)' : `getfattr: ${run.error.message}`
  }
  if (run.signal) return `getfattr ended by ${run.signal}`
  const said = run.stderr.toString().trim()
  if (run.status !== 0 && run.stdout.length === 0 && said !== '') return said.split('\n')[0] ?? said
  return parseGetfattr(run.stdout)
}
