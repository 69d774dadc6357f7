import fs from 'node:fs'
import {
  decodeFileName,
  type FileName,
  type Folder,
  fileNameBytes,
  fileNameKey,
  joinFileName,
} from '@nightshift/tooling/files'

/** A name in an open folder: how every file is reached, so that nobody can swap what lies above it. */
export interface Place {
  readonly folder: Folder
  readonly name: FileName
}

/** Absolute paths by which rrdcached may know a folder or file: as it was named, and as it really is. */
export function daemonNames(given: FileName, { folder, name }: Place): FileName[] {
  const real = name === '.' ? realPath(folder) : joinFileName(realPath(folder), name)
  const named = absolute(given)
  return fileNameKey(named) === fileNameKey(real) ? [real] : [named, real]
}

const realPath = (folder: Folder): FileName =>
  decodeFileName(fs.realpathSync(`/proc/self/fd/${folder.fd}`, { encoding: 'buffer' }))

const absolute = (path: FileName): FileName =>
  fileNameBytes(path)[0] === 0x2f ? path : joinFileName(process.cwd(), path)
