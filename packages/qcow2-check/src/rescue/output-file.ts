import fs from 'node:fs'
import {
  asFileError,
  beginReplacement,
  FileError,
  type Replacement,
  removeLeftovers,
  resolvePath,
} from '@nightshift/tooling/files'
import { pathOfText } from '@nightshift/tooling/terminal'
import { Qcow2Error } from '../errors.ts'
import type { ProtectedFiles } from './protected-files.ts'

const TOOL = 'qcow2-check'

export interface OutputOptions {
  readonly force: boolean
  readonly allowUnsafeFolder: boolean
  readonly protectedFiles: ProtectedFiles
}

/** A file in the making: written beside its place in any order, holes where nothing is written, moved there at the end. */
export class OutputFile {
  readonly path: string
  readonly #replacement: Replacement
  readonly #mode: number

  /** Use `openOutput`. */
  constructor(path: string, replacement: Replacement, mode: number) {
    this.path = path
    this.#replacement = replacement
    this.#mode = mode
  }

  /**
   * Gives it its size at once, where that is known: a file system that allows for no file of this size is better found
   * out before hours of copying.
   *
   * @throws Qcow2Error `not-written`
   */
  reserve(size: number): void {
    try {
      fs.ftruncateSync(this.#replacement.fd, size)
    } catch (error) {
      throw notWritten(this.path, error)
    }
  }

  /** @throws Qcow2Error `not-written` */
  async write(bytes: Uint8Array, position: number): Promise<void> {
    let done = 0
    while (done < bytes.length) {
      try {
        done += await writeSome(this.#replacement.fd, bytes.subarray(done), position + done)
      } catch (error) {
        throw notWritten(this.path, error)
      }
    }
  }

  /**
   * Gives the file its size and its name, on stable storage.
   *
   * @throws Qcow2Error `not-written`, `exists`
   */
  async finish(size: number): Promise<void> {
    const replacement = this.#replacement
    try {
      fs.ftruncateSync(replacement.fd, size)
      replacement.expectLength(size)
      await syncAside(replacement.fd)
      replacement.seal()
      // An existing file keeps its mode, but what others could not read in the source they can't read here.
      const { mode } = fs.fstatSync(replacement.fd)
      if ((mode & 0o777 & ~this.#mode) !== 0) fs.fchmodSync(replacement.fd, mode & 0o777 & this.#mode)
      replacement.commit()
    } catch (error) {
      replacement.discard()
      throw notWritten(this.path, error)
    }
  }

  /** Removes what was written; nothing is at its place then that wasn't there before. */
  discard(): void {
    this.#replacement.discard()
  }
}

/**
 * Looks whether a file may be written, and starts it.
 *
 * @throws Qcow2Error `exists`, `refused` (a file that is being read), `not-written`
 */
export function openOutput(path: string, options: OutputOptions): OutputFile {
  const { force, allowUnsafeFolder, protectedFiles } = options
  try {
    const { folder, name, stats } = resolvePath(pathOfText(path))
    try {
      protectedFiles.assertNone(path, stats)
      if (stats && !force) throw exists(path)
      // A killed run may have left as much as a disk.
      removeLeftovers(folder, { tool: TOOL, target: name })
      const { mode } = protectedFiles
      const like = stats && { like: stats }
      const replacement = beginReplacement(folder, name, {
        tool: TOOL,
        ...like,
        mode,
        exclusive: !stats,
        allowUnsafeFolder,
      })
      return new OutputFile(path, replacement, mode)
    } finally {
      folder.close()
    }
  } catch (error) {
    throw error instanceof Qcow2Error ? error : notWritten(path, error)
  }
}

/** @throws as `openOutput`, without starting anything */
export function assertWritable(path: string, { force, protectedFiles }: OutputOptions): void {
  try {
    const { folder, stats } = resolvePath(pathOfText(path))
    folder.close()
    protectedFiles.assertNone(path, stats)
    if (stats && !force) throw exists(path)
  } catch (error) {
    throw error instanceof Qcow2Error ? error : notWritten(path, error)
  }
}

function exists(path: string): Qcow2Error {
  return new Qcow2Error('exists', path, 'is there already', { remedy: 'give --force to replace it' })
}

function notWritten(path: string, error: unknown): Qcow2Error {
  const cause = asFileError(error, path, 'cannot write')
  if (cause instanceof FileError && cause.code === 'exists') return exists(path)
  const reason = cause.message.startsWith(`${path}: `) ? cause.message.slice(path.length + 2) : cause.message
  return new Qcow2Error('not-written', path, reason, {
    cause,
    ...(cause.remedy !== undefined && { remedy: cause.remedy }),
  })
}

function writeSome(fd: number, bytes: Uint8Array, position: number): Promise<number> {
  return new Promise((done, fail) =>
    fs.write(fd, bytes, 0, bytes.length, position, (error, count) => (error ? fail(error) : done(count))),
  )
}

function syncAside(fd: number): Promise<void> {
  return new Promise((done, fail) => fs.fsync(fd, (error) => (error ? fail(error) : done())))
}
