import { accessSync, constants, statSync } from 'node:fs'
import { basename, isAbsolute, join, resolve } from 'node:path'
import { DaemonError } from '../errors.ts'

/** Where programs are looked for without PATH: the default of execvp(3) on Debian. */
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin'

/** Exit codes that POSIX has for a shell's command search (XCU 2.8.2). */
const NOT_FOUND = 127
const NOT_EXECUTABLE = 126

/**
 * The file that a command names, absolute, as execvp(3) would find it from here: a name with a slash is one by itself,
 * another is looked for in PATH. The daemon's folder is another one than the starter's, so this is settled before.
 *
 * @throws DaemonError `NOT_FOUND` (127), `NOT_EXECUTABLE` (126)
 */
export function findProgram(name: string, path = DEFAULT_PATH, folder = process.cwd()): string {
  const candidates = name.includes('/')
    ? [resolve(folder, name)]
    : path.split(':').map((entry) => resolve(folder, join(entry === '' ? '.' : entry, name)))
  let denied: string | undefined
  for (const file of name === '' ? [] : candidates) {
    const found = executability(file)
    if (found === 'yes') return file
    if (found !== 'none') denied ??= `${file}: ${found}`
  }
  if (denied !== undefined) {
    throw new DaemonError('NOT_EXECUTABLE', denied, {
      exitCode: NOT_EXECUTABLE,
      remedy: 'name a program; a script needs chmod +x, or its interpreter before it',
    })
  }
  const where = name.includes('/') ? 'no such file' : `not found in ${path}`
  throw new DaemonError('NOT_FOUND', `${name === '' ? "''" : name}: ${where}`, {
    exitCode: NOT_FOUND,
    remedy: isAbsolute(name)
      ? 'check its path'
      : `check its name, or give its path (${basename(name)} is looked for in PATH)`,
  })
}

function executability(file: string): 'yes' | 'none' | string {
  try {
    if (!statSync(file).isFile()) return 'not a regular file'
    accessSync(file, constants.X_OK)
    return 'yes'
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'none'
    return code === 'EACCES' ? 'permission denied' : String(code)
  }
}
