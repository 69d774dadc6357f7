import fs from 'node:fs'
import { asFileError, errnoOf, FileError } from './file-error.ts'
import { decodeFileName, type FileName, fileNameBytes, joinFileName } from './file-name.ts'
import { Folder, openFolderEntry } from './folder.ts'
import { isRoot, othersCanWrite } from './folder-safety.ts'
import { kindOf } from './open-file.ts'
import { enterFolder, openSearchable, type PathStep } from './path-step.ts'

/** The kernel's own limit (MAXSYMLINKS, include/linux/namei.h). */
const MAX_LINKS = 40

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
 * @param options.device a link may lead to a block device too: the usual names of volumes are links (/dev/vg/lv)
 * @throws FileError `unsafe-link`, `not-regular`, `missing` (a folder on the way), `denied`, `symlink` (more than 40
 *   links)
 */
export function resolvePath(path: FileName, options: { readonly device?: boolean } = {}): ResolvedPath {
  if (path.length === 0) throw new FileError('missing', path, 'an empty path names no file')
  const walk = new Resolution(path, options.device === true)
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
  readonly #device: boolean
  #todo: FileName[]
  #at: PathStep
  #links = 0

  constructor(path: FileName, device: boolean) {
    this.#given = path
    this.#device = device
    this.#todo = components(path)
    this.#at = isAbsolute(path) ? enterFolder('/', '/') : enterFolder('.', '')
  }

  run(): ResolvedPath {
    for (;;) {
      const name = this.#todo.shift() ?? '.'
      if (this.#todo.length === 0) {
        const stats = fs.lstatSync(this.#at.entry(name), { throwIfNoEntry: false })
        if (!stats?.isSymbolicLink()) return this.#arrive(name, stats)
        this.#follow(name)
      } else {
        this.#descend(name)
      }
    }
  }

  close(): void {
    this.#at.close()
  }

  #arrive(name: FileName, stats: fs.Stats | undefined): ResolvedPath {
    const { where } = this.#at
    const followed = this.#links > 0
    // A path that ends in "." or ".." names a folder itself.
    if (name !== '.' && name !== '..') {
      return { folder: openReached(this.#at.entry('.'), where), name, stats, followed }
    }
    const path = name === '..' ? joinFileName(where, name) : where.length === 0 ? '.' : where
    return { folder: openReached(this.#at.entry(name), path), name: '.', stats, followed }
  }

  #descend(name: FileName): void {
    const path = joinFileName(this.#at.where, name)
    let next: PathStep
    try {
      next = enterFolder(this.#at.entry(name), path)
    } catch (error) {
      // O_DIRECTORY|O_NOFOLLOW answers ENOTDIR for a link and for a file: lstat tells which.
      const link = errnoOf(error) === 'ENOTDIR' && fs.lstatSync(this.#at.entry(name)).isSymbolicLink()
      if (!link) throw asFileError(error, path, 'cannot resolve the path')
      this.#follow(name)
      return
    }
    this.#step(next)
  }

  #follow(name: FileName): void {
    const entry = this.#at.entry(name)
    if (++this.#links > MAX_LINKS) {
      throw new FileError('symlink', this.#given, 'too many symbolic links on the way')
    }
    this.#assertSafe(joinFileName(this.#at.where, name), entry)
    const target = decodeFileName(fs.readlinkSync(entry, { encoding: 'buffer' }))
    this.#todo = [...components(target), ...this.#todo]
    if (isAbsolute(target)) this.#step(enterFolder('/', '/'))
  }

  #assertSafe(link: FileName, entry: FileName): void {
    if (isRoot() && othersCanWrite(this.#at.stats())) {
      const why = 'root follows no symbolic link in a folder that others can write'
      throw new FileError('unsafe-link', link, why, { remedy: 'name the file it points to' })
    }
    // /dev/stdout and the like lead to a pipe or a terminal by links whose text is no path.
    const through = fs.statSync(entry, { throwIfNoEntry: false })
    const wanted = through?.isFile() || through?.isDirectory() || (this.#device && through?.isBlockDevice())
    if (through && !wanted) {
      throw new FileError('not-regular', link, `leads to ${kindOf(through)}, not to a regular file`)
    }
  }

  #step(next: PathStep): void {
    this.#at.close()
    this.#at = next
  }
}

/** A folder that the caller may search but not read can still be written to; it can't be listed or synced. */
function openReached(entry: FileName, path: FileName): Folder {
  try {
    return openFolderEntry(entry, path)
  } catch (error) {
    if (errnoOf(error instanceof FileError ? error.cause : error) !== 'EACCES') throw error
    return new Folder(openSearchable(entry), path)
  }
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
