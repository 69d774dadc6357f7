import { systemErrorWords } from '../errors/system-errors.ts'
import { type FileName, fileNameText } from './file-name.ts'

/** Why a file could not be read or written; stable, for reports and exit codes. */
export type FileErrorCode =
  | 'missing'
  | 'exists'
  | 'denied'
  | 'read-only'
  | 'no-space'
  | 'quota'
  | 'io'
  | 'too-large'
  | 'name-too-long'
  | 'too-many-open'
  | 'symlink'
  | 'not-regular'
  | 'not-a-folder'
  | 'unsafe-folder'
  | 'unsafe-link'
  | 'short'
  | 'other'

/** A failed file operation. `message` says in one line where, what was being done, and why. */
export class FileError extends Error {
  override readonly name = 'FileError'
  readonly code: FileErrorCode
  readonly path: FileName
  /** What to do about it, where something general can be said. */
  readonly remedy?: string
  /** Node's own code (ENOSPC, ...), where a system call failed. */
  readonly errno?: string

  constructor(
    code: FileErrorCode,
    path: FileName,
    why: string,
    options: { remedy?: string; errno?: string | undefined; cause?: unknown } = {},
  ) {
    super(`${fileNameText(path)}: ${why}`, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.path = path
    if (options.remedy !== undefined) this.remedy = options.remedy
    if (options.errno !== undefined) this.errno = options.errno
  }
}

/** Errno names whose kind a caller acts on; the words for all of them are `systemErrorWords`. */
const codes: Readonly<Record<string, FileErrorCode>> = {
  ENOENT: 'missing',
  EEXIST: 'exists',
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'read-only',
  ENOSPC: 'no-space',
  EDQUOT: 'quota',
  EIO: 'io',
  EFBIG: 'too-large',
  ENAMETOOLONG: 'name-too-long',
  EMFILE: 'too-many-open',
  ENFILE: 'too-many-open',
  ELOOP: 'symlink',
  ENOTDIR: 'not-a-folder',
  EISDIR: 'not-regular',
  ENXIO: 'not-regular',
}

/** libuv has no name for it, so Node says UNKNOWN. */
const EDQUOT = -122

/** Node's code of a failed system call, if that is what was thrown. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  if (error.code === 'UNKNOWN' && 'errno' in error && error.errno === EDQUOT) return 'EDQUOT'
  return typeof error.code === 'string' ? error.code : undefined
}

/** The typed form of what a `node:fs` call threw; `doing` ("cannot write") leads the reason. */
export function asFileError(error: unknown, path: FileName, doing: string): FileError {
  if (error instanceof FileError) return error
  const errno = errnoOf(error)
  const words = systemErrorWords[errno ?? '']
  const why = words?.why ?? (error instanceof Error ? error.message : String(error))
  const remedy = words?.remedy === undefined ? {} : { remedy: words.remedy }
  return new FileError(codes[errno ?? ''] ?? 'other', path, `${doing}: ${why}`, {
    ...remedy,
    errno,
    cause: error,
  })
}
