import fs from 'node:fs'
import { type FileName, type Folder, fileNameText } from '@nightshift/tooling/files'
import { RrdError } from '../format/index.ts'

/**
 * Folders of a tree merge may not lie in each other: files would be paired with themselves, or results read as input.
 * @throws RrdError EUSAGE
 */
export function refuseOverlap(folders: readonly Folder[]): void {
  for (const [index, folder] of folders.entries()) {
    for (const other of folders.slice(0, index)) {
      if (isSameFolder(folder, other)) throw overlap(`${text(folder)} and ${text(other)} are the same folder`)
      if (liesIn(folder, other)) throw overlap(`${text(folder)} lies in ${text(other)}`)
      if (liesIn(other, folder)) throw overlap(`${text(other)} lies in ${text(folder)}`)
    }
  }
}

/** As `refuseOverlap`, for a folder that is still to be made in `parent`. */
export function refuseInside(parent: Folder, path: FileName, inputs: readonly Folder[]): void {
  for (const input of inputs) {
    if (isSameFolder(parent, input) || liesIn(parent, input)) {
      throw overlap(`${fileNameText(path)} lies in ${text(input)}`)
    }
  }
}

/** By inode too: a bind mount shows one folder under two names. */
export function isSameFolder(a: Folder, b: Folder): boolean {
  return a.stats.ino === b.stats.ino && a.stats.dev === b.stats.dev
}

const liesIn = (inner: Folder, outer: Folder): boolean => real(inner).startsWith(real(outer))

const real = ({ base }: Folder): string =>
  `${fs.realpathSync(base, { encoding: 'latin1' })}/`.replace(/\/+$/, '/')

const text = (folder: Folder): string => fileNameText(folder.shownPath)

const overlap = (message: string): RrdError =>
  new RrdError('EUSAGE', message, { remedy: 'name folders that are apart from each other' })
