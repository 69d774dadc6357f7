import fs from 'node:fs'
import { type FileName, joinFileName } from './file-name.ts'

const { O_DIRECTORY, O_NOFOLLOW } = fs.constants

/** Linux's O_PATH (asm-generic/fcntl.h): passes through folders that may be searched but not read (mode 0711). */
const O_PATH = 0o10000000

/** A folder that the resolution of a path has reached. */
export interface PathStep {
  /** Its path for messages; '' for the working folder. */
  readonly where: FileName
  /** What an entry is reached by. */
  entry(name: FileName): FileName
  stats(): fs.Stats
  close(): void
}

const hasProc = fs.existsSync('/proc/self/fd')

/**
 * Enters a folder without following a link.
 *
 * @param entry what it is reached by
 * @throws the error of open(2); ENOTDIR for a link
 */
export function enterFolder(entry: FileName, where: FileName): PathStep {
  return hasProc ? new OpenStep(openSearchable(entry), where) : new NamedStep(entry, where)
}

/** Opens a folder for searching only: entries can be reached through it, but it can't be listed. */
export function openSearchable(entry: FileName): number {
  return fs.openSync(entry, O_PATH | O_DIRECTORY | O_NOFOLLOW)
}

/** An open folder: whatever is renamed above it meanwhile, its entries are its own. */
class OpenStep implements PathStep {
  readonly where: FileName
  readonly #fd: number

  constructor(fd: number, where: FileName) {
    this.#fd = fd
    this.where = where
  }

  entry(name: FileName): FileName {
    return joinFileName(`/proc/self/fd/${this.#fd}`, name)
  }

  stats(): fs.Stats {
    return fs.fstatSync(this.#fd)
  }

  close(): void {
    fs.closeSync(this.#fd)
  }
}

/** Without /proc: the folder's name; what is renamed meanwhile is not noticed. */
class NamedStep implements PathStep {
  readonly where: FileName
  readonly #path: FileName

  constructor(path: FileName, where: FileName) {
    if (!fs.lstatSync(path).isDirectory()) {
      throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' })
    }
    this.where = where
    this.#path = path
  }

  entry(name: FileName): FileName {
    return joinFileName(this.#path, name)
  }

  stats(): fs.Stats {
    return fs.lstatSync(this.#path)
  }

  close(): void {}
}
