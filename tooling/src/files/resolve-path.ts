import fs from 'node:fs'
import { asFileError, errnoOf, FileError } from './file-error.ts'
import { decodeFileName, type FileName, fileNameBytes, joinFileName } from './file-name.ts'
import { Folder, openFolderEntry } from './folder.ts'
import { isRoot, othersCanWrite } from './folder-safety.ts'
import { kindOf } from './open-file.ts'

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = fs.constants

/** Linux's O_PATH (asm-generic/fcntl.h): passes through folders that may be searched but not read (mode 0711). */
const O_PATH = 0o10000000

/** The kernel's own limit (MAXSYMLINKS, include/linux/namei.h). */
const MAX_LINKS = 40

const hasProc = fs.existsSync('/proc/self/fd')

/** Where a path on the command line leads once its links are resolved. */
export interface ResolvedPath {
  /** Holds the last component; open, the caller closes it. */
  readonly folder: Folder
  /** The last component; never a link. */
  readonly name: FileName
  /** lstat of it, undefined if nothing has that name. */
  readonly stats: fs.Stats | undefined
  /** True if a link was met on the way: then `folder.path` is where it led. */
  readonly followed: boolean
}

/**
 * Resolves a path that the operator gave: links are followed, so that a link's target is what is replaced, but for root
 * none that lies in a folder another user can write (he chose where it leads). Every step is taken on an open folder,
 * so the answer can't be changed afterwards by renaming something above.
 *
 * @throws FileError `unsafe-link`, `missing` (a folder on the way), `denied`, `symlink` (more than 40 links)
 */
export function resolvePath(path: FileName): ResolvedPath {
  if (path.length === 0) throw new FileError('missing', path, 'an empty path names no file')
  if (!hasProc) return resolveByName(path)
  const walk = new Resolution(path)
  try {
    return walk.run()
  } catch (error) {
    throw asFileError(error, path, 'cannot resolve the path')
  } finally {
    walk.close()
  }
}

/** As `resolvePath`, for a path that must name a folder: that folder, open. */
export function resolveFolder(path: FileName): Folder {
  const { folder, name } = resolvePath(joinFileName(path, '.'))
  if (name === '.') return folder
  try {
    return folder.openFolder(name)
  } finally {
    folder.close()
  }
}

class Resolution {
  readonly #given: FileName
  #todo: FileName[]
  #at: number
  #where: FileName
  #links = 0

  constructor(path: FileName) {
    this.#given = path
    this.#todo = components(path)
    this.#at = openStep(isAbsolute(path) ? '/' : '.')
    this.#where = isAbsolute(path) ? '/' : ''
  }

  run(): ResolvedPath {
    for (;;) {
      const name = this.#todo.shift() ?? '.'
      if (this.#todo.length === 0) {
        const stats = fs.lstatSync(this.#entry(name), { throwIfNoEntry: false })
        if (!stats?.isSymbolicLink()) return this.#arrive(name, stats)
        this.#follow(name)
      } else {
        this.#descend(name)
      }
    }
  }

  close(): void {
    fs.closeSync(this.#at)
  }

  #entry(name: FileName): FileName {
    return joinFileName(`/proc/self/fd/${this.#at}`, name)
  }

  #arrive(name: FileName, stats: fs.Stats | undefined): ResolvedPath {
    const path = this.#where === '' ? '.' : this.#where
    const folder = openReached(this.#entry('.'), path)
    // A path that ends in "." or ".." names a folder itself.
    const dots = name === '.' || name === '..'
    if (!dots) return { folder: new Folder(folder.fd, this.#where), name, stats, followed: this.#links > 0 }
    folder.close()
    const self = openFolderEntry(this.#entry(name), name === '.' ? path : joinFileName(path, name))
    return { folder: self, name: '.', stats, followed: this.#links > 0 }
  }

  #descend(name: FileName): void {
    let next: number
    try {
      next = openStep(this.#entry(name))
    } catch (error) {
      // O_DIRECTORY|O_NOFOLLOW answers ENOTDIR for a link and for a file: lstat tells which.
      const link = errnoOf(error) === 'ENOTDIR' && fs.lstatSync(this.#entry(name)).isSymbolicLink()
      if (!link) throw asFileError(error, joinFileName(this.#where, name), 'cannot resolve the path')
      this.#follow(name)
      return
    }
    this.#step(next, joinFileName(this.#where, name))
  }

  #follow(name: FileName): void {
    const link = joinFileName(this.#where, name)
    if (++this.#links > MAX_LINKS)
      throw new FileError('symlink', this.#given, 'too many symbolic links on the way')
    if (isRoot() && othersCanWrite(fs.fstatSync(this.#at))) {
      throw new FileError(
        'unsafe-link',
        link,
        'root follows no symbolic link in a folder that others can write',
        {
          remedy: 'name the file it points to',
        },
      )
    }
    // /dev/stdout and the like lead to a pipe or a terminal by links whose text is no path.
    const through = fs.statSync(this.#entry(name), { throwIfNoEntry: false })
    if (through && !through.isFile() && !through.isDirectory()) {
      throw new FileError('not-regular', link, `leads to ${kindOf(through)}, not to a regular file`)
    }
    const target = decodeFileName(fs.readlinkSync(this.#entry(name), { encoding: 'buffer' }))
    this.#todo = [...components(target), ...this.#todo]
    if (isAbsolute(target)) this.#step(openStep('/'), '/')
  }

  #step(fd: number, where: FileName): void {
    fs.closeSync(this.#at)
    this.#at = fd
    this.#where = where
  }
}

/** A folder that the caller may search but not read can still be written to; it can't be listed or synced. */
function openReached(entry: FileName, path: FileName): Folder {
  try {
    return openFolderEntry(entry, path)
  } catch (error) {
    if (errnoOf(error instanceof FileError ? error.cause : error) !== 'EACCES') throw error
    return new Folder(openStep(entry), path)
  }
}

function openStep(entry: FileName): number {
  return fs.openSync(entry, O_PATH | O_DIRECTORY | O_NOFOLLOW)
}

function isAbsolute(path: FileName): boolean {
  return fileNameBytes(path)[0] === 0x2f
}

/** The components of a path; one that ends in "/" names a folder, as if "/." stood there. */
function components(path: FileName): FileName[] {
  const parts = fileNameBytes(path).toString('latin1').split('/')
  const names = parts.filter((part, index) => part !== '' && (part !== '.' || index === parts.length - 1))
  if (parts.at(-1) === '') names.push('.')
  return names.map((part) => decodeFileName(Buffer.from(part, 'latin1')))
}

/** Without /proc: realpath, then by path; a folder renamed in between is not noticed. */
function resolveByName(path: FileName): ResolvedPath {
  try {
    const linked = fs.lstatSync(path, { throwIfNoEntry: false })
    const bytes = fileNameBytes(path)
    const slash = bytes.lastIndexOf(0x2f)
    const real = linked ? fs.realpathSync(path, { encoding: 'buffer' }) : undefined
    const parent = fs.realpathSync(slash < 0 ? '.' : bytes.subarray(0, slash + 1), { encoding: 'buffer' })
    const full = real ?? Buffer.concat([parent, Buffer.from('/'), bytes.subarray(slash + 1)])
    const cut = full.lastIndexOf(0x2f)
    const folder = new Folder(
      fs.openSync(full.subarray(0, cut + 1), O_RDONLY | O_DIRECTORY),
      decodeFileName(parent),
    )
    const stats = fs.lstatSync(full, { throwIfNoEntry: false })
    return {
      folder,
      name: decodeFileName(full.subarray(cut + 1)),
      stats,
      followed: linked?.isSymbolicLink() ?? false,
    }
  } catch (error) {
    throw asFileError(error, path, 'cannot resolve the path')
  }
}
