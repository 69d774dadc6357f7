import fs from 'node:fs'
import {
  asFileError,
  assertSafeToWrite,
  errnoOf,
  FileError,
  type FileName,
  type Folder,
  splitFileName,
} from '@nightshift/tooling/files'
import { foldersAbove } from './folders.ts'

/**
 * Makes the folders that a file needs below `into`, each with owner and mode of its model below `like`. They are
 * reached through open folders, never through a link, and what exists already stays as it is. None is synced here.
 *
 * @throws FileError `denied`, `no-space`, `symlink`, `not-a-folder`, `unsafe-folder`, ...
 */
export function makeFoldersFor(
  path: FileName,
  into: Folder,
  like: Folder,
  { allowUnsafeFolder }: { readonly allowUnsafeFolder: boolean },
): void {
  let at = into
  let model: Folder | undefined = like
  const opened: Folder[] = []
  try {
    for (const folder of foldersAbove(path)) {
      const { name } = splitFileName(folder)
      model = model && openIfThere(model, name)
      if (model) opened.push(model)
      at = at.statEntry(name) ? at.openFolder(name) : makeFolder(at, name, model, allowUnsafeFolder)
      opened.push(at)
    }
  } finally {
    for (const folder of opened) folder.close()
  }
}

/**
 * Makes a folder, private until it has the owner and mode of its model, and opens it. One that another run of this
 * command made a moment ago is taken as it is. Neither it nor its parent is synced.
 */
export function makeFolder(
  parent: Folder,
  name: FileName,
  model: Folder | undefined,
  allowUnsafeFolder: boolean,
): Folder {
  if (!allowUnsafeFolder) assertSafeToWrite(parent, name, undefined)
  const began = Date.now()
  const made = make(parent, name)
  const folder = parent.openFolder(name)
  try {
    if (made) {
      assertFresh(folder, began)
      if (model) takeOwnership(folder, model)
    }
    return folder
  } catch (error) {
    folder.close()
    throw error
  }
}

/** @returns false where it was there already */
function make(parent: Folder, name: FileName): boolean {
  try {
    fs.mkdirSync(parent.entry(name), 0o700)
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw asFileError(error, parent.pathOf(name), 'cannot make the folder')
  }
}

/** Milliseconds by which the time that a file system notes may lag behind the clock (a tick of the kernel). */
const TICK = 20

/**
 * Who may write in the parent can have moved another folder of ours to this name since: it must not be given away.
 * That one would be older, and hold something. The one just made may hold something too, of another thread or run that
 * writes below it already; then the time at which it was made tells, where the file system notes it.
 * @throws FileError
 */
function assertFresh(folder: Folder, began: number): void {
  const { uid, mode, birthtimeMs } = folder.stats
  const isPrivate = uid === process.geteuid?.() && (mode & 0o077) === 0
  const isNew = birthtimeMs >= began - TICK && birthtimeMs <= Date.now() + 1
  if (isPrivate && (isNew || folder.list().length === 0)) return
  throw new FileError('other', folder.path, 'was swapped for another folder right after it was made')
}

function openIfThere(parent: Folder, name: FileName): Folder | undefined {
  return parent.statEntry(name)?.isDirectory() ? parent.openFolder(name) : undefined
}

/** Owner first: chown takes set-id bits away. Without the right to give it away the folder stays the caller's. */
function takeOwnership(folder: Folder, model: Folder): void {
  const { uid, gid, mode } = model.stats
  try {
    fs.fchownSync(folder.fd, uid, gid)
  } catch (error) {
    if (errnoOf(error) !== 'EPERM' && errnoOf(error) !== 'EINVAL') {
      throw asFileError(error, folder.path, 'cannot set the owner of the folder')
    }
  }
  fs.fchmodSync(folder.fd, mode & 0o7777)
}
