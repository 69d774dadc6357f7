import { closeSync, fstatSync, openSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type FileName,
  type Folder,
  fileNameText,
  resolveFolder,
  resolvePath,
  splitFileName,
  takeLock,
} from '@nightshift/tooling/files'
import { Qcow2Error } from '../errors.ts'
import { type FileSource, fileSourceOf } from '../source/index.ts'
import { asQcow2Error } from './failure.ts'
import { type ImageUse, lookAtUse } from './in-use.ts'
import { metadataRuns, type Standing, standingOf } from './standing.ts'

export interface UseOptions {
  /** Go on where it can't be seen whether somebody uses the image: the operator says that nobody does. */
  readonly assumeOffline?: boolean
  readonly signal?: AbortSignal
}

/** Milliseconds between two looks at whether the image changes, at least. */
const BETWEEN_LOOKS = 50

/**
 * An image of which it was seen that nobody uses it, open for writing, and kept from QEMU as long as it is open where
 * that is possible. Close it.
 */
export class RepairTarget {
  readonly source: FileSource
  /** The folder that holds it and its name there; links on the way are resolved. */
  readonly folder: Folder
  readonly name: FileName
  /** A block device has a fixed length, and nothing beside it outlives a reboot. */
  readonly isDevice: boolean
  /** uid */
  readonly owner: number
  /** A lock that keeps QEMU out is ours until `close`. False where no program here could take one. */
  readonly held: boolean
  readonly #options: UseOptions
  #first: Standing
  #firstAt: number

  private constructor(source: FileSource, folder: Folder, name: FileName, options: UseOptions) {
    this.source = source
    this.folder = folder
    this.name = name
    this.#options = options
    const stats = fstatSync(source.fd)
    this.isDevice = stats.isBlockDevice()
    this.owner = stats.uid
    refuse(lookAtUse(source.fd, source.name), source.name, options)
    const lock = takeLock(source.fd)
    if (lock === 'conflict') throw inUse(source.name, 'locked by another process')
    this.held = lock === 'held'
    this.#first = this.#look()
    this.#firstAt = performance.now()
  }

  /**
   * @param path as the operator gave it
   * @throws Qcow2Error `in-use`, `lock-state-unknown`, `unreadable`, `not-written` (it can't be opened for writing)
   */
  static open(path: FileName, options: UseOptions = {}): RepairTarget {
    let folder: Folder | undefined
    let fd: number | undefined
    try {
      const found = resolveImage(path)
      folder = found.folder
      fd = found.fd
      const source = fileSourceOf(fd, fileNameText(path))
      return new RepairTarget(source, folder, found.name, options)
    } catch (error) {
      if (fd !== undefined) closeSync(fd)
      folder?.close()
      throw asQcow2Error(error, path, 'not-written')
    }
  }

  /**
   * To be called right before the first write: somebody may have come since it was opened.
   *
   * @throws Qcow2Error `in-use`, `lock-state-unknown`; what the caller's signal says
   */
  async assertStill(): Promise<void> {
    const left = this.#firstAt + BETWEEN_LOOKS - performance.now()
    if (left > 0) await sleep(left, undefined, { signal: this.#options.signal })
    this.#options.signal?.throwIfAborted()
    refuse(this.look(), this.source.name, this.#options)
    if (this.#look().key !== this.#first.key)
      throw inUse(this.source.name, 'it changes: somebody writes to it who is not seen here')
  }

  /** Who else uses it now. */
  look(): ImageUse {
    return lookAtUse(this.source.fd, this.source.name, { own: this.held })
  }

  /** After writes of our own: the state that `assertStill` compares with. */
  settle(): void {
    this.#first = this.#look()
    this.#firstAt = performance.now()
  }

  /** Nanoseconds since 1970. */
  mtime(): bigint {
    return fstatSync(this.source.fd, { bigint: true }).mtimeNs
  }

  close(): void {
    this.source.close()
    this.folder.close()
  }

  #look(): Standing {
    return standingOf(this.source.fd, metadataRuns(this.source))
  }
}

/**
 * Refuses an image that somebody uses.
 *
 * @param fd open for reading
 * @throws Qcow2Error `in-use`, `lock-state-unknown`
 */
export function assertNotInUse(fd: number, path: string, options: UseOptions = {}): void {
  refuse(lookAtUse(fd, path), path, options)
}

function refuse(use: ImageUse, path: string, { assumeOffline }: UseOptions): void {
  if (use.state === 'in-use') throw inUse(path, use.why)
  if (use.state === 'unknown' && !assumeOffline) {
    throw new Qcow2Error('lock-state-unknown', path, `lock state unknown: ${use.why}`, {
      remedy: 'make sure that nothing uses it, then give --assume-offline',
    })
  }
}

function inUse(path: string, why: string): Qcow2Error {
  return new Qcow2Error('in-use', path, `is in use: ${why}`, {
    remedy: 'shut down the virtual machine or end the program that uses it',
  })
}

function resolveImage(path: FileName): { folder: Folder; name: FileName; fd: number } {
  // Device nodes are reached through links (/dev/vg/lv, /dev/disk/by-id) in folders that only root can write.
  const device = statSync(path, { throwIfNoEntry: false })?.isBlockDevice() === true
  const { folder, name } = device ? besideDevice(path) : resolvePath(path)
  try {
    const fd = device ? openSync(path, 'r+') : folder.openFile(name, 'update').fd
    return { folder, name, fd }
  } catch (error) {
    folder.close()
    throw error
  }
}

function besideDevice(path: FileName): { folder: Folder; name: FileName } {
  const { folder, name } = splitFileName(path)
  return { folder: resolveFolder(folder.length === 0 ? '.' : folder), name }
}
