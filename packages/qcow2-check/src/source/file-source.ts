import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  readSync,
  type Stats,
  writeSync,
} from 'node:fs'
import { fileNameText } from '@nightshift/tooling/files'
import { Qcow2Error } from '../errors.ts'
import { endOfDevice } from './end-of-device.ts'
import { holdPlace, openHeld } from './held-place.ts'
import { HoleMap } from './hole-map.ts'
import type { BlockSource, WritableSource } from './source.ts'

/** Linux moves at most 0x7ffff000 bytes a call, and Node refuses lengths over 2^31-1. */
const MAX_TRANSFER = 2 ** 30

/** An open regular file or block device. Its calls block; for metadata that is faster than a thread pool. */
export interface FileSource extends WritableSource {
  readonly fd: number
  read(target: Uint8Array, offset: number): number
  write(bytes: Uint8Array, offset: number): void
  refresh(): void
  truncate(size: number): void
  flush(): void
  close(): void
}

/**
 * Opens a regular file or a block device.
 *
 * @param path a Buffer, where its name is not UTF-8
 * @throws Qcow2Error `unreadable`: it can't be opened, or it is something else (which is not opened at all)
 */
export function openFileSource(
  path: string | Buffer,
  options: { readonly write?: boolean } = {},
): FileSource {
  const name = fileNameText(path)
  let held: number | undefined
  let fd: number | undefined
  try {
    held = holdPlace(path)
    assertReadable(fstatSync(held), name)
    fd = openHeld(held, options.write ? constants.O_RDWR : constants.O_RDONLY)
    return fileSourceOf(fd, name)
  } catch (cause) {
    if (fd !== undefined) closeSync(fd)
    if (cause instanceof Qcow2Error) throw cause
    const reason = reasonOf(cause).replace(/\/proc\/self\/fd\/\d+/, () => name)
    throw new Qcow2Error('unreadable', name, `can't be opened: ${reason}`, { cause })
  } finally {
    if (held !== undefined) closeSync(held)
  }
}

function assertReadable(status: Stats, name: string): void {
  if (!status.isFile() && !status.isBlockDevice())
    throw new Qcow2Error('unreadable', name, 'is neither a regular file nor a block device')
}

/**
 * Wraps a descriptor that is open already, and closes it with `close()`.
 *
 * @throws Qcow2Error `unreadable`: it is neither a regular file nor a block device
 */
export function fileSourceOf(fd: number, name: string): FileSource {
  const status = fstatSync(fd)
  assertReadable(status, name)
  return new DescriptorSource(fd, name, status.isFile() ? status.size : endOfDevice(fd))
}

class DescriptorSource implements FileSource, BlockSource {
  readonly fd: number
  readonly name: string
  #size: number
  #open = true
  readonly #holes: HoleMap

  constructor(fd: number, name: string, size: number) {
    this.fd = fd
    this.name = name
    this.#size = size
    this.#holes = new HoleMap(fd)
  }

  get size(): number {
    return this.#size
  }

  read(target: Uint8Array, offset: number): number {
    let done = 0
    while (done < target.length) {
      const length = Math.min(target.length - done, MAX_TRANSFER)
      const count = readSync(this.fd, target, done, length, offset + done)
      if (count === 0) break
      done += count
    }
    return done
  }

  isHole(offset: number, length: number): boolean {
    return this.#holes.covers(offset, length, this.#size)
  }

  refresh(): void {
    this.#holes.forget()
    const status = fstatSync(this.fd)
    if (status.isFile()) this.#size = status.size
  }

  write(bytes: Uint8Array, offset: number): void {
    this.#holes.forget()
    let done = 0
    while (done < bytes.length) {
      const length = Math.min(bytes.length - done, MAX_TRANSFER)
      done += writeSync(this.fd, bytes, done, length, offset + done)
    }
    this.#size = Math.max(this.#size, offset + bytes.length)
  }

  truncate(size: number): void {
    this.#holes.forget()
    ftruncateSync(this.fd, size)
    this.#size = size
  }

  flush(): void {
    fdatasyncSync(this.fd)
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    closeSync(this.fd)
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
