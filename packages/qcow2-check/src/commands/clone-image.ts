import { constants, copyFileSync, fstatSync } from 'node:fs'
import {
  asFileError,
  beginReplacement,
  type FileName,
  fileNameText,
  resolvePath,
} from '@nightshift/tooling/files'
import { Qcow2Error } from '../errors.ts'
import type { RepairTarget } from '../repair/index.ts'

/**
 * Clones an image that is about to be changed, sharing its blocks (XFS, Btrfs, bcachefs, some NFS servers). Never a copy:
 * that takes the time and the space which a clone doesn't.
 *
 * @throws Qcow2Error `exists`; `refused`: the file system can't clone, or the folders are on different ones; `not-written`
 */
export function cloneImage({ source }: RepairTarget, to: FileName): void {
  const name = fileNameText(to)
  const { folder, name: last, stats } = resolvePath(to)
  try {
    if (stats !== undefined)
      throw new Qcow2Error('exists', name, 'is there already', { remedy: 'name a new file' })
    const mode = fstatSync(source.fd).mode & 0o777
    const clone = beginReplacement(folder, last, { tool: 'qcow2-check', mode, exclusive: true })
    try {
      ficlone(source.fd, clone.fd, name)
      clone.expectLength(source.size)
      clone.commit()
    } catch (error) {
      clone.discard()
      throw error instanceof Qcow2Error ? error : notWritten(asFileError(error, to, 'cannot write'), name)
    }
  } finally {
    folder.close()
  }
}

function ficlone(from: number, to: number, name: string): void {
  try {
    copyFileSync(`/proc/self/fd/${from}`, `/proc/self/fd/${to}`, constants.COPYFILE_FICLONE_FORCE)
  } catch (cause) {
    throw new Qcow2Error('refused', name, 'this file system makes no clones (reflinks)', {
      remedy: 'leave out --reflink: the undo file has all bytes that the repair changes',
      cause,
    })
  }
}

function notWritten(cause: unknown, name: string): Qcow2Error {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new Qcow2Error('not-written', name, why.startsWith(`${name}: `) ? why.slice(name.length + 2) : why, {
    cause,
  })
}
