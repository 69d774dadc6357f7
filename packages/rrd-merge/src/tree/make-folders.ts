import fs from 'node:fs'
import { asFileError, errnoOf, type FileName, type Folder, splitFileName } from '@nightshift/tooling/files'
import { foldersAbove } from './folders.ts'

/**
 * Makes the folders that a file needs below `into`, each with owner and mode of its model below `like`. They are
 * reached through open folders, never through a link, and what exists already stays as it is.
 *
 * @throws FileError `denied`, `no-space`, `symlink`, `not-a-folder`, ...
 */
export function makeFoldersFor(path: FileName, into: Folder, like: Folder): void {
  let at = into
  let model: Folder | undefined = like
  const opened: Folder[] = []
  try {
    for (const folder of foldersAbove(path)) {
      const { name } = splitFileName(folder)
      model = model && openIfThere(model, name)
      if (model) opened.push(model)
      const made = make(at, name)
      at = at.openFolder(name)
      opened.push(at)
      if (made && model) takeOwnership(at, model)
    }
  } finally {
    for (const folder of opened) folder.close()
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
  folder.sync()
}
