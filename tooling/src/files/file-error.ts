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

/** A failed file operation: what was being done, where, why, and what helps. `message` holds all of it in one line. */
export class FileError extends Error {
  override readonly name = 'FileError'
  readonly code: FileErrorCode
  readonly path: FileName
  /** What to do about it; '' where nothing general can be said. */
  readonly remedy: string
  /** Node's own code (ENOSPC, ...), where a system call failed. */
  readonly errno: string | undefined

  constructor(
    code: FileErrorCode,
    path: FileName,
    why: string,
    options: { remedy?: string; errno?: string | undefined; cause?: unknown } = {},
  ) {
    const remedy = options.remedy ?? ''
    super(`${fileNameText(path)}: ${why}${remedy && `; ${remedy}`}`, { cause: options.cause })
    this.code = code
    this.path = path
    this.remedy = remedy
    this.errno = options.errno
  }
}

const known: Record<string, readonly [FileErrorCode, why: string, remedy: string]> = {
  ENOENT: ['missing', 'no such file or folder', 'check the path'],
  EEXIST: ['exists', 'exists already', 'name another file or move this one away'],
  EACCES: ['denied', 'permission denied', 'check owner and mode of the file and its folder'],
  EPERM: [
    'denied',
    'operation not permitted',
    'check owner and attributes (lsattr) of the file and its folder',
  ],
  EROFS: [
    'read-only',
    'the file system is mounted read-only',
    'remount it writable or write elsewhere with -o',
  ],
  ENOSPC: ['no-space', 'no space left on the device', 'free some space (df, df -i) and run again'],
  EDQUOT: ['quota', 'disk quota exceeded', 'free some space or raise the quota and run again'],
  EIO: ['io', 'the device reported an input/output error', 'see dmesg; the device may be failing'],
  EFBIG: ['too-large', 'larger than the file system or the limit (ulimit -f) allows', ''],
  ENAMETOOLONG: ['name-too-long', 'the name is too long for the file system', ''],
  EMFILE: ['too-many-open', 'too many open files', 'raise ulimit -n'],
  ENFILE: ['too-many-open', 'too many open files in the system', 'raise fs.file-max'],
  ELOOP: ['symlink', 'is a symbolic link', 'name what it points to'],
  ENOTDIR: ['not-a-folder', 'not a folder', ''],
  EISDIR: ['not-regular', 'is a folder', ''],
  ENXIO: ['not-regular', 'not a regular file', ''],
}

/** Node's code of a failed system call, if that is what was thrown. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** The typed form of what a `node:fs` call threw; `doing` ("cannot write") leads the reason. */
export function asFileError(error: unknown, path: FileName, doing: string): FileError {
  if (error instanceof FileError) return error
  const errno = errnoOf(error)
  const [code, why, remedy] = known[errno ?? ''] ?? ['other', errno ?? String(error), '']
  return new FileError(code, path, `${doing}: ${why}`, { remedy, errno, cause: error })
}
