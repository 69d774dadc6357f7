import { closeSync, constants, fstatSync, futimesSync, openSync } from 'node:fs'
import { type FileName, type Folder, fileNameText, resolvePath } from '@nightshift/tooling/files'
import { type FileSource, fileSourceOf } from '../source/index.ts'
import { asQcow2Error } from './failure.ts'
import { type UseOptions, UseWatch, type Watch } from './watch.ts'

/** An image that is open for writing, and watched. Close it. */
export class RepairTarget {
  readonly source: FileSource
  /** The folder that holds it and its name there; links on the way are resolved. */
  readonly folder: Folder
  readonly name: FileName
  readonly watch: Watch
  /** A block device has a fixed length, and nothing beside it outlives a reboot. */
  readonly isDevice: boolean
  /** uid */
  readonly owner: number
  /** Mode bits, the kind of file included. */
  readonly mode: number

  /** @param source, folder: the target's from now on */
  constructor(source: FileSource, folder: Folder, name: FileName, watch: Watch) {
    this.source = source
    this.folder = folder
    this.name = name
    this.watch = watch
    const stats = fstatSync(source.fd)
    this.isDevice = stats.isBlockDevice()
    this.owner = stats.uid
    this.mode = stats.mode
  }

  /**
   * Opens an image of which it is seen that nobody uses it.
   *
   * @param path as the operator gave it
   * @throws Qcow2Error `in-use`, `lock-state-unknown`, `unreadable`, `not-written` (it can't be opened for writing)
   */
  static open(path: string | Buffer, options: UseOptions = {}): RepairTarget {
    let folder: Folder | undefined
    let fd: number | undefined
    try {
      const found = openImageFile(path)
      folder = found.folder
      fd = found.fd
      const source = fileSourceOf(fd, fileNameText(path))
      return new RepairTarget(source, folder, found.name, new UseWatch(source, options))
    } catch (error) {
      if (fd !== undefined) closeSync(fd)
      folder?.close()
      throw asQcow2Error(error, path, 'not-written')
    }
  }

  /** Nanoseconds since 1970. */
  mtime(): bigint {
    return fstatSync(this.source.fd, { bigint: true }).mtimeNs
  }

  /**
   * Gives it the modification time of before a change that was put back. Node sets times as doubles: what it then has is
   * within a microsecond of it (see `isSameTime`). Only the owner and root may; where we are neither the time stays new.
   *
   * @param time nanoseconds since 1970
   */
  restoreMtime(time: bigint): void {
    try {
      futimesSync(this.source.fd, fstatSync(this.source.fd).atimeMs / 1000, secondsOf(time))
    } catch {
      // The bytes are what matters; an undo of an earlier repair then wants --force.
    }
  }

  close(): void {
    this.source.close()
    this.folder.close()
  }
}

const NANOSECONDS = 1_000_000_000n

/** In the midst of its microsecond: the libuv of Node 22 and before cuts off what a double has below it, which may be all. */
function secondsOf(time: bigint): number {
  const microseconds = Number((time % NANOSECONDS) / 1000n)
  return Number(time / NANOSECONDS) + (microseconds + 0.5) / 1e6
}

/**
 * Are these times the same, as far as one that was put back can be? Within a microsecond: the kernel's clock for times of
 * files ticks in milliseconds, so that nobody's write falls between.
 */
export function isSameTime(a: bigint, b: bigint): boolean {
  const apart = a > b ? a - b : b - a
  return apart < 1000n
}

function openImageFile(path: FileName): { folder: Folder; name: FileName; fd: number } {
  const { folder, name, stats } = resolvePath(path, { device: true })
  try {
    const fd = stats?.isBlockDevice() ? openDevice(folder, name) : folder.openFile(name, 'update').fd
    return { folder, name, fd }
  } catch (error) {
    folder.close()
    throw error
  }
}

/** Its node, not a link that took its place: what is opened is looked at by who wraps the descriptor. */
function openDevice(folder: Folder, name: FileName): number {
  const { O_RDWR, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants
  return openSync(folder.entry(name), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
}
