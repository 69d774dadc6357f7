import { closeSync, constants, copyFileSync, fchownSync, fsyncSync, unlinkSync } from 'node:fs'
import { assertSafeToWrite, errnoOf, type FileName, fileNameText } from '@nightshift/tooling/files'
import { Qcow2Error } from '../errors.ts'
import { asQcow2Error } from './failure.ts'
import type { RepairTarget } from './target.ts'
import { namedPlace, type UndoPlace } from './undo-file.ts'

/** What the kernel says where it can't clone: other file systems, one that has no reflinks, a device. */
const UNABLE: readonly (string | undefined)[] = [
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOTTY',
  'EXDEV',
  'EINVAL',
  'ENOSYS',
]

/**
 * Makes a clone of an image that shares its blocks with it (FICLONE: btrfs, xfs, bcachefs, NFS 4.2): in a moment, and
 * without room. On the disk, under its name, when this returns; mode and owner are those of the image.
 *
 * @param path a file that is not there yet; never through a link
 * @returns its path
 * @throws Qcow2Error `exists`; `refused`: the file system can't clone; `not-written`
 */
export function cloneImage(target: RepairTarget, path: string | Buffer): string {
  let place: UndoPlace | undefined
  try {
    place = namedPlace(path)
    assertSafeToWrite(place.folder, place.name, undefined)
    clone(target, place)
    return fileNameText(place.folder.pathOf(place.name))
  } catch (error) {
    if (UNABLE.includes(errnoOf(error))) throw unable(target, path, error)
    throw asQcow2Error(error, path, 'not-written')
  } finally {
    place?.folder.close()
  }
}

function clone({ source, owner }: RepairTarget, { folder, name }: UndoPlace): void {
  const { COPYFILE_EXCL, COPYFILE_FICLONE_FORCE } = constants
  // The image by its descriptor, which nobody can swap. What is half made is removed by libuv.
  copyFileSync(`/proc/self/fd/${source.fd}`, folder.entry(name), COPYFILE_EXCL | COPYFILE_FICLONE_FORCE)
  try {
    const { fd } = folder.openFile(name, 'update')
    try {
      if (owner !== process.geteuid?.()) fchownSync(fd, owner, -1)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    folder.sync()
  } catch (error) {
    unlinkSync(folder.entry(name))
    throw error
  }
}

function unable({ source }: RepairTarget, path: FileName, cause: unknown): Qcow2Error {
  return new Qcow2Error(
    'refused',
    source.name,
    `can't be cloned to ${fileNameText(path)}: no reflinks there`,
    {
      remedy: 'leave --reflink away: the undo file brings back every byte',
      cause,
    },
  )
}
