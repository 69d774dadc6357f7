import fs from 'node:fs'
import { asFileError, errnoOf, FileError } from './file-error.ts'
import type { FileName } from './file-name.ts'
import type { Folder } from './folder.ts'
import { assertSafeToWrite } from './folder-safety.ts'
import { kindOf, writeFully } from './open-file.ts'
import { type KeptOwnership, keepOwnership } from './ownership.ts'
import { temporaryName } from './temporary-name.ts'

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } = fs.constants

/** `each`: on disk when `commit` returns. `none`: on disk when the kernel likes. */
export type Durability = 'each' | 'none'

export interface ReplacementOptions {
  /** Name of the tool, part of the temporary name. */
  readonly tool: string
  /**
   * fstat of the file to be replaced: its owner and mode are kept. Left out, the folder is asked, and if there is no such
   * file it is a new one.
   */
  readonly like?: fs.Stats | undefined
  /** Permission bits of a new file, less the umask (or as the folder's default ACL says). Default 0666. */
  readonly mode?: number
  /** The file must be a new one: commit fails with `exists` if the name is taken by then. `like` may still be given. */
  readonly exclusive?: boolean
  readonly allowUnsafeFolder?: boolean
  /** `fd` stays open after `publish` and `discard`, for whoever has to look at the file once more, and is theirs to close. */
  readonly keepOpen?: boolean
}

/**
 * A file about to take the place of another, atomically: written under a temporary name beside it, then renamed over
 * it. Until `commit` (or `publish`) the target is untouched; after an error thrown by any method it still is, and the
 * temporary file is gone.
 */
export class Replacement {
  readonly folder: Folder
  readonly name: FileName
  /** The temporary file, open for reading and writing, mode 0600 until it is sealed. */
  readonly fd: number
  readonly temporary: FileName
  #end = 0
  #kept: KeptOwnership = { owner: true, group: true }
  #state: 'open' | 'sealed' | 'done' = 'open'
  readonly #options: ReplacementOptions

  /** Use `beginReplacement`. */
  constructor(folder: Folder, name: FileName, fd: number, temporary: FileName, options: ReplacementOptions) {
    this.folder = folder
    this.name = name
    this.fd = fd
    this.temporary = temporary
    this.#options = options
    folder.hold()
  }

  get path(): FileName {
    return this.folder.pathOf(this.name)
  }

  /** True if the file replaced has other names too, which keep the old content from now on (`hardlink-broken`). */
  get breaksHardLinks(): boolean {
    return (this.#options.like?.nlink ?? 1) > 1 && !this.#options.exclusive
  }

  /** Whether owner and group could be kept; meaningful once sealed. Only root can give a file away. */
  get kept(): KeptOwnership {
    return this.#kept
  }

  /** Writes at `position`, by default after the furthest byte written so far. */
  write(bytes: Uint8Array, position = this.#end): void {
    this.#attempt('cannot write', () => writeFully(this.fd, bytes, position))
    this.#end = Math.max(this.#end, position + bytes.length)
  }

  /** Tells of content that reached `fd` by another way (a reflink): the length that `seal` then insists on. */
  expectLength(length: number): void {
    this.#end = length
  }

  /** Sets owner and mode, and proves with fstat that all bytes arrived. Nothing is written after this. */
  seal(): void {
    if (this.#state !== 'open') return
    this.#attempt('cannot finish writing', () => {
      const { like } = this.#options
      const stats = fs.fstatSync(this.fd)
      if (like) this.#kept = keepOwnership(this.fd, stats, like)
      const { size } = stats
      if (size !== this.#end) {
        throw new FileError('short', this.path, `wrote ${this.#end} bytes, the file system kept ${size}`, {
          remedy: 'the device may be full or failing',
        })
      }
    })
    this.#state = 'sealed'
  }

  /** fsync of the content. */
  sync(): void {
    this.#attempt('cannot write to the device', () => fs.fsyncSync(this.fd))
  }

  /** The rename. `each` has synced before it and syncs the folder after it. */
  publish(): void {
    this.seal()
    this.#attempt('cannot replace', () => {
      const from = this.folder.entry(this.temporary)
      const to = this.folder.entry(this.name)
      if (this.#options.exclusive) linkNew(from, to)
      else fs.renameSync(from, to)
    })
    this.#state = 'done'
    this.#release()
  }

  /** Seals, syncs, renames. With `each`, a power cut afterwards finds the new file, one before it the old. */
  commit(durability: Durability = 'each'): void {
    this.seal()
    if (durability === 'none') {
      this.publish()
      return
    }
    this.sync()
    this.folder.hold()
    try {
      this.publish()
      this.folder.sync()
    } finally {
      this.folder.release()
    }
  }

  /** Removes the temporary file; the target stays as it is. Harmless once done. */
  discard(): void {
    if (this.#state === 'done') return
    this.#state = 'done'
    try {
      fs.unlinkSync(this.folder.entry(this.temporary))
    } catch {
      // Removed by someone else, or the device is gone: either way nothing more can be done about it here, and the
      // error that led here is the one to tell.
    }
    this.#release()
  }

  #release(): void {
    if (!this.#options.keepOpen) fs.closeSync(this.fd)
    this.folder.release()
  }

  #attempt(doing: string, action: () => void): void {
    if (this.#state === 'done')
      throw new FileError('other', this.path, `${doing}: already committed or discarded`)
    try {
      action()
    } catch (error) {
      this.discard()
      throw asFileError(error, this.path, doing)
    }
  }
}

/**
 * Starts replacing (or making) the file `name` in `folder`.
 *
 * @throws FileError `unsafe-folder` (see `assertSafeToWrite`), `not-regular` (like is a folder, FIFO, device), `denied`,
 * `read-only`, `no-space`, `quota`, ...
 */
export function beginReplacement(folder: Folder, name: FileName, options: ReplacementOptions): Replacement {
  const like = options.like ?? (options.exclusive ? undefined : folder.statEntry(name))
  if (like && !like.isFile()) {
    const code = like.isSymbolicLink() ? 'symlink' : 'not-regular'
    throw new FileError(code, folder.pathOf(name), `is ${kindOf(like)}, only regular files are replaced`)
  }
  if (!options.allowUnsafeFolder) assertSafeToWrite(folder, name, options.exclusive ? undefined : like)
  const temporary = temporaryName(name, options.tool)
  try {
    // A replacement is nobody else's until it is sealed; a new file gets its mode from the kernel, which knows the umask.
    const mode = like ? 0o600 : (options.mode ?? 0o666) & 0o777
    const fd = fs.openSync(folder.entry(temporary), O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR, mode)
    return new Replacement(folder, name, fd, temporary, { ...options, like })
  } catch (error) {
    throw asFileError(error, folder.pathOf(name), 'cannot create a temporary file beside it')
  }
}

/** A rename that replaces nothing: link(2) fails if the name is taken. */
function linkNew(from: FileName, to: FileName): void {
  try {
    fs.linkSync(from, to)
  } catch (error) {
    // FAT and some FUSE file systems have no hard links: there a look before the rename must do.
    if (errnoOf(error) !== 'EPERM' && errnoOf(error) !== 'ENOTSUP' && errnoOf(error) !== 'ENOSYS') throw error
    if (fs.lstatSync(to, { throwIfNoEntry: false }))
      throw Object.assign(new Error('exists'), { code: 'EEXIST' })
    fs.renameSync(from, to)
    return
  }
  fs.unlinkSync(from)
}
