import fs from 'node:fs'
import {
  asFileError,
  type FileName,
  type Folder,
  resolveFolder,
  resolvePath,
} from '@nightshift/tooling/files'

/** Opens OUT, made with owner and mode of NEW if it isn't there; a dry run makes nothing and gets nothing. */
export function openOutput(path: FileName, like: Folder, dryRun: boolean): Folder | undefined {
  const { folder, name, stats } = resolvePath(path)
  try {
    if (stats) return resolveFolder(path)
    if (dryRun) return undefined
    fs.mkdirSync(folder.entry(name), 0o700)
    const made = folder.openFolder(name)
    const { uid, gid, mode } = like.stats
    if (process.geteuid?.() === 0) fs.fchownSync(made.fd, uid, gid)
    fs.fchmodSync(made.fd, mode & 0o7777)
    folder.sync()
    return made
  } catch (error) {
    throw asFileError(error, path, 'cannot make the folder')
  } finally {
    folder.close()
  }
}
