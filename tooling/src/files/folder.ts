import fs from 'node:fs'
import { promisify } from 'node:util'
import { asFileError, errnoOf, FileError } from './file-error.ts'
import { compareFileNames, decodeFileName, type FileName, fileNameBytes, joinFileName } from './file-name.ts'
import { type OpenFile, openRegularFile } from './open-file.ts'

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants

const fsync = promisify(fs.fsync)

/** Without /proc (macOS, a bare chroot) entries are reached by path: links in between can't be ruled out there. */
const byDescriptor = fs.existsSync('/proc/self/fd')

export type EntryKind = 'file' | 'folder' | 'symlink' | 'other'

export interface FolderEntry {
  readonly name: FileName
  readonly kind: EntryKind
}

/**
 * An open folder. What lies in it is reached as `/proc/self/fd/N/name`, so nobody who renames folders or plants links
 * above it can make the program reach anything else. Close it when done.
 */
export class Folder {
  readonly fd: number
  /** The folder's path for messages, '' for the working folder; never used to reach anything where there is a /proc. */
  readonly path: FileName
  readonly #base: FileName
  #stats: fs.Stats | undefined
  #state: 'open' | 'closing' | 'closed' = 'open'
  #holds = 0

  /** @param fd an open folder, which this object owns from now on */
  constructor(fd: number, path: FileName) {
    this.fd = fd
    this.path = path
    this.#base = byDescriptor ? `/proc/self/fd/${fd}` : this.shownPath
  }

  /** Owner, mode and inode of the folder itself, as they were when first asked for. */
  get stats(): fs.Stats {
    this.#stats ??= fs.fstatSync(this.fd)
    return this.#stats
  }

  /** A path of the folder itself that leads to no other, whatever is renamed. */
  get base(): FileName {
    return this.#base
  }

  /** The path by which `node:fs` reaches an entry; `name` is one component. */
  entry(name: FileName): FileName {
    assertComponent(name, this.shownPath)
    return typeof name === 'string' && typeof this.#base === 'string'
      ? `${this.#base}/${name}`
      : Buffer.concat([fileNameBytes(this.#base), Buffer.from('/'), fileNameBytes(name)])
  }

  /** `path` for messages about the folder itself: the working folder, as which a bare name was given, is `.`. */
  get shownPath(): FileName {
    return this.path.length === 0 ? '.' : this.path
  }

  /** The entry's path for messages. */
  pathOf(name: FileName): FileName {
    return joinFileName(this.path, name)
  }

  /** lstat; undefined if there is no such entry. */
  statEntry(name: FileName): fs.Stats | undefined {
    try {
      return fs.lstatSync(this.entry(name), { throwIfNoEntry: false })
    } catch (error) {
      throw asFileError(error, this.pathOf(name), 'cannot look at it')
    }
  }

  /** Opens a regular file in this folder, never through a link; the caller closes `fd`. */
  openFile(name: FileName, access: 'read' | 'update' = 'read'): OpenFile {
    return openRegularFile(this.entry(name), this.pathOf(name), access)
  }

  /** Opens a folder in this folder, never through a link. */
  openFolder(name: FileName): Folder {
    return openFolderEntry(this.entry(name), this.pathOf(name))
  }

  /** All entries but `.` and `..`, in the order of their bytes. */
  list(): FolderEntry[] {
    try {
      const entries = fs.readdirSync(this.#base, { withFileTypes: true, encoding: 'buffer' })
      // Node's types give Dirent.name as string; with encoding "buffer" it is the bytes.
      const found = entries.map((entry) => ({
        bytes: entry.name as unknown as Buffer,
        kind: kindOfEntry(entry),
      }))
      found.sort((a, b) => Buffer.compare(a.bytes, b.bytes))
      return found.map(({ bytes, kind }) => ({ name: decodeFileName(bytes), kind }))
    } catch (error) {
      throw asFileError(error, this.shownPath, 'cannot list the folder')
    }
  }

  /** fsync: renames and new names in this folder survive a power cut. */
  sync(): void {
    try {
      fs.fsyncSync(this.fd)
    } catch (error) {
      this.#unsynced(error)
    }
  }

  /** As `sync`, on another thread. Hold the folder meanwhile. */
  async syncAside(): Promise<void> {
    try {
      await fsync(this.fd)
    } catch (error) {
      this.#unsynced(error)
    }
  }

  #unsynced(error: unknown): void {
    // EINVAL, ENOTSUP: some network and FUSE file systems sync no folders. EBADF: a folder that may be searched but not
    // read is open as O_PATH. There a rename is as durable as it gets.
    if (!['EINVAL', 'ENOTSUP', 'EBADF'].includes(errnoOf(error) ?? '')) {
      throw asFileError(error, this.shownPath, 'cannot sync the folder')
    }
  }

  /** Keeps the folder open, although it may be closed meanwhile, until `release` is called as often. */
  hold(): void {
    this.#holds++
  }

  release(): void {
    this.#holds--
    if (this.#state === 'closing') this.close()
  }

  /** Closes the folder, or lets the last `release` do it. */
  close(): void {
    if (this.#state === 'closed') return
    this.#state = this.#holds > 0 ? 'closing' : 'closed'
    if (this.#state === 'closed') fs.closeSync(this.fd)
  }
}

/** Opens a folder by the path given, whose last component may not be a link. For operators' paths: `resolveFolder`. */
export function openFolderEntry(entry: FileName, path: FileName): Folder {
  try {
    return new Folder(fs.openSync(entry, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), path)
  } catch (error) {
    // O_DIRECTORY answers ENOTDIR for a link too; only lstat tells them apart.
    if (errnoOf(error) === 'ENOTDIR' && fs.lstatSync(entry, { throwIfNoEntry: false })?.isSymbolicLink()) {
      throw new FileError('symlink', path, 'is a symbolic link', {
        remedy: 'name what it points to',
        cause: error,
      })
    }
    throw asFileError(error, path, 'cannot open the folder')
  }
}

function kindOfEntry(entry: fs.Dirent<Buffer>): EntryKind {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'folder'
  return entry.isSymbolicLink() ? 'symlink' : 'other'
}

function assertComponent(name: FileName, folder: FileName): void {
  const slashed = typeof name === 'string' ? /[/\0]/.test(name) : name.includes(0x2f) || name.includes(0)
  const special = name.length === 0 || compareDots(name)
  if (slashed || special)
    throw new FileError('other', folder, `not a name of an entry: ${JSON.stringify(String(name))}`)
}

function compareDots(name: FileName): boolean {
  return name.length <= 2 && (compareFileNames(name, '.') === 0 || compareFileNames(name, '..') === 0)
}
