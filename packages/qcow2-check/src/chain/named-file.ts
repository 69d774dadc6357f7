import { closeSync, constants, fstatSync, lstatSync, readlinkSync, realpathSync, type Stats } from 'node:fs'
import {
  decodeFileName,
  errnoOf,
  type FileName,
  fileNameText,
  joinFileName,
  splitFileName,
} from '@nightshift/tooling/files'
import type { FindingCode } from '../findings/index.ts'
import { type FileSource, fileSourceOf, holdPlace, openHeld } from '../source/index.ts'
import type { AllowedFolders } from './allowed-folders.ts'

/** A file that an image named and the operator allowed, open. */
export interface NamedFile {
  readonly source: FileSource
  /** As it is found from the working folder; the next name in the chain is relative to it, as in QEMU. */
  readonly path: FileName
  /** Device and inode: the same file under any name. */
  readonly identity: string
}

export interface Refusal {
  readonly code: Extract<FindingCode, 'backing-missing' | 'backing-refused' | 'backing-unreadable'>
  readonly why: string
  /** What was looked for. */
  readonly path: FileName
}

/** As QEMU tells a protocol from a path: a colon before any slash. `json:` and `file:` are of that kind too. */
const PROTOCOL = /^([^/:]*):/

/**
 * Opens what a stranger's image names, if the rules allow it: a regular file whose name, links resolved, lies in an
 * allowed folder; never a protocol, a device, a FIFO.
 *
 * Nothing but a regular file in an allowed folder is ever opened: to open some devices is to use them. Between a look and
 * an opening by name the file may be exchanged; so its place is taken hold of first, looked at, and then opened.
 *
 * @param from path of the file that holds the name
 */
export function openNamedFile(name: Buffer, from: FileName, allowed: AllowedFolders): NamedFile | Refusal {
  const text = name.toString('latin1')
  const protocol = PROTOCOL.exec(text)
  if (protocol !== null)
    return refused(decodeFileName(name), `it is a protocol (${protocol[1]}:), not a file`)
  const path = text.startsWith('/')
    ? decodeFileName(name)
    : joinFileName(splitFileName(from).folder, decodeFileName(name))
  let resolved: FileName
  let stats: Stats
  try {
    resolved = decodeFileName(realpathSync.native(path, 'buffer'))
    if (!allowed.contain(resolved)) return refused(path, 'it lies outside of the allowed folders')
    stats = lstatSync(resolved)
  } catch (error) {
    return failure(path, error)
  }
  if (!stats.isFile()) return refused(path, `it is ${kindOf(stats)}`)
  return openChecked(resolved, path, allowed)
}

function openChecked(resolved: FileName, path: FileName, allowed: AllowedFolders): NamedFile | Refusal {
  let held: number
  try {
    held = holdPlace(resolved, constants.O_NOFOLLOW)
  } catch (error) {
    return failure(path, error)
  }
  try {
    const stats = fstatSync(held)
    if (!stats.isFile()) return refused(path, `it is ${kindOf(stats)}`)
    if (!allowed.contain(decodeFileName(readlinkSync(`/proc/self/fd/${held}`, 'buffer'))))
      return refused(path, 'it lies outside of the allowed folders')
    const source = fileSourceOf(openHeld(held), fileNameText(path))
    return { source, path, identity: `${stats.dev}:${stats.ino}` }
  } catch (error) {
    return failure(path, error)
  } finally {
    closeSync(held)
  }
}

function refused(path: FileName, why: string): Refusal {
  return { code: 'backing-refused', why, path }
}

function failure(path: FileName, error: unknown): Refusal {
  const code = errnoOf(error)
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return { code: 'backing-missing', why: 'there is no such file', path }
  if (code === 'ELOOP') return refused(path, 'links lead in a circle')
  return { code: 'backing-unreadable', why: error instanceof Error ? error.message : String(error), path }
}

function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a link that was put there just now'
  if (stats.isDirectory()) return 'a folder'
  if (stats.isFIFO()) return 'a FIFO'
  if (stats.isSocket()) return 'a socket'
  if (stats.isBlockDevice() || stats.isCharacterDevice()) return 'a device'
  return 'no regular file'
}
