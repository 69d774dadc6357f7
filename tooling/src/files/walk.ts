import { asFileError, type FileError } from './file-error.ts'
import { type FileName, joinFileName } from './file-name.ts'
import type { Folder, FolderEntry } from './folder.ts'
import { linkedFiles } from './followed-links.ts'
import { isJournalName } from './journal/journal-name.ts'
import type { NameFilter } from './name-patterns.ts'
import { parseTemporaryName } from './temporary-name.ts'

export interface WalkOptions {
  /** Which names are taken and which folders entered; default all. */
  readonly filter?: NameFilter
  /** Links to files and folders that lie under the root are taken as what they point to. Default false. */
  readonly followSymlinks?: boolean
  /** Levels of folders below the root; deeper ones are reported `too-deep`. Default 256. */
  readonly maxDepth?: number
  /** The tool's own temporary files and undo journals are not taken for files of the tree. */
  readonly tool?: string
  /** Called for each folder before anything of it is given: e.g. to remove leftovers without listing it again. */
  readonly onFolder?: (folder: Folder, path: FileName, entries: readonly FolderEntry[]) => void
}

/** A regular file of a tree. `folder` is open until the walk is asked for its next entry. */
export interface WalkedFile {
  readonly kind: 'file'
  /** Relative to the root. */
  readonly path: FileName
  readonly folder: Folder
  readonly name: FileName
  /** Where it really lies, relative to the root, if a link led to it; reach it through that. */
  readonly realPath?: FileName
}

/** Something that was left, and why. */
export interface WalkSkip {
  readonly kind: 'skipped'
  readonly path: FileName
  /**
   * `symlink`: a link, not followed; `symlink-outside`: it leads out of the tree, or nowhere; `symlink-loop`: to a folder
   * it lies in, or one that was entered by another link; `not-regular`: a FIFO, socket or device; `too-deep`;
   * `unreadable`: see `error`.
   */
  readonly reason: 'symlink' | 'symlink-outside' | 'symlink-loop' | 'not-regular' | 'too-deep' | 'unreadable'
  readonly error?: FileError
}

/**
 * The regular files below an open folder, depth first, each folder in the order of its names' bytes. Folders are
 * entered through open handles, never through a link, and are closed as soon as they are left. What can't be read is
 * reported and the walk goes on. Only names that the filter takes are reported as skipped. With `followSymlinks` what
 * links lead to comes after everything else.
 */
export function* walk(root: Folder, options: WalkOptions = {}): Generator<WalkedFile | WalkSkip> {
  const links: FileName[] = []
  yield* walkFolder(root, '', 0, options, links)
  if (options.followSymlinks) yield* linkedFiles(root, links, options)
}

/** One level of `walk`; links that are to be followed are gathered in `links` instead of reported. */
export function* walkFolder(
  folder: Folder,
  path: FileName,
  depth: number,
  options: WalkOptions,
  links: FileName[],
): Generator<WalkedFile | WalkSkip> {
  let entries: FolderEntry[]
  try {
    entries = folder.list()
  } catch (error) {
    yield unreadable(path, error)
    return
  }
  options.onFolder?.(folder, path, entries)
  for (const { name, kind } of entries) {
    if (options.tool !== undefined && isOwnFile(name, options.tool)) continue
    const entryPath = joinFileName(path, name)
    if (kind === 'folder') {
      if (options.filter?.entersFolder(entryPath, name) ?? true) {
        yield* enter(folder, name, entryPath, depth, options, links)
      }
    } else if (kind === 'symlink') {
      // A link may stand for a folder, so it only has to pass what a folder has to, until it is followed.
      if (options.followSymlinks) links.push(entryPath)
      else if (takes(options, entryPath, name)) yield { kind: 'skipped', path: entryPath, reason: 'symlink' }
    } else if (takes(options, entryPath, name)) {
      if (kind === 'file') yield { kind: 'file', path: entryPath, folder, name }
      else yield { kind: 'skipped', path: entryPath, reason: 'not-regular' }
    }
  }
}

function* enter(
  parent: Folder,
  name: FileName,
  path: FileName,
  depth: number,
  options: WalkOptions,
  links: FileName[],
): Generator<WalkedFile | WalkSkip> {
  if (depth >= (options.maxDepth ?? 256)) {
    yield { kind: 'skipped', path, reason: 'too-deep' }
    return
  }
  let folder: Folder
  try {
    folder = parent.openFolder(name)
  } catch (error) {
    yield unreadable(path, error)
    return
  }
  try {
    yield* walkFolder(folder, path, depth + 1, options, links)
  } finally {
    folder.close()
  }
}

function isOwnFile(name: FileName, tool: string): boolean {
  return parseTemporaryName(name, tool) !== undefined || isJournalName(name, tool)
}

function takes(options: WalkOptions, path: FileName, name: FileName): boolean {
  return options.filter?.takesFile(path, name) ?? true
}

export function unreadable(path: FileName, error: unknown): WalkSkip {
  return { kind: 'skipped', path, reason: 'unreadable', error: asFileError(error, path, 'cannot read') }
}
