import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, readdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { DaemonError } from '../errors.ts'

/** Exit code of what the tool itself could not do, as env(1), nohup(1) and timeout(1) have it. */
const HELPER_FAILED = 125

const OTHERS_WRITE = 0o022

/**
 * Where the state of the caller's daemons lies without --state-dir. It depends on the user alone: XDG_RUNTIME_DIR is
 * there under ssh and not under cron, and is removed at the last logout while the daemon lives on.
 */
export function defaultStateFolder(): string {
  const { uid, homedir } = userInfo()
  return uid === 0 ? '/run/daemonize-helper' : join(homedir, '.local/state/daemonize-helper')
}

/**
 * Makes the folder (0700, and what lies above it as mkdir -p does) where it is missing, and refuses one that another user
 * could change: who can write there chooses what gets signals.
 *
 * @returns its absolute path
 * @throws DaemonError `HELPER` (125)
 */
export function makeStateFolder(path: string): string {
  const folder = isAbsolute(path) ? path : resolve(path)
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') {
      attempt(folder, () => mkdirSync(dirname(folder), { recursive: true }))
      return makeStateFolder(folder)
    }
    if (code !== 'EEXIST') throw notUsable(folder, error)
  }
  checkStateFolder(folder)
  return folder
}

/** @throws DaemonError `HELPER` where it is no folder of the caller's alone */
export function checkStateFolder(folder: string): void {
  const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants
  const fd = attempt(folder, () => openSync(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW))
  try {
    const { uid, mode } = fstatSync(fd)
    const owner = process.geteuid?.()
    if (uid !== owner) throw notSafe(folder, `belongs to uid ${uid}, and the caller is uid ${owner}`)
    if ((mode & OTHERS_WRITE) !== 0)
      throw notSafe(folder, `others may write in it (mode ${(mode & 0o7777).toString(8)})`)
  } finally {
    closeSync(fd)
  }
}

/** The names that ever had a daemon here, sorted; none where there is no folder yet. */
export function namesIn(folder: string): string[] {
  try {
    const names = readdirSync(folder).flatMap((file) => /^(.+)\.(?:json|lock)$/.exec(file)?.[1] ?? [])
    return [...new Set(names)].sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw notUsable(folder, error)
  }
}

export function stateFolderExists(folder: string): boolean {
  return lstatSync(folder, { throwIfNoEntry: false }) !== undefined
}

function attempt<T>(folder: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw notUsable(folder, error)
  }
}

function notUsable(folder: string, cause: unknown): DaemonError {
  const { code } = cause as NodeJS.ErrnoException
  const why = code === 'ELOOP' || code === 'ENOTDIR' ? 'it, or what is above it, is no folder' : String(code)
  return new DaemonError('HELPER', `${folder}: the state folder can't be used: ${why}`, {
    exitCode: HELPER_FAILED,
    remedy: 'name another one with --state-dir',
    cause,
  })
}

function notSafe(folder: string, why: string): DaemonError {
  return new DaemonError('HELPER', `${folder}: the state folder ${why}`, {
    exitCode: HELPER_FAILED,
    remedy: 'make it yours alone (chown, chmod 700), or name another one with --state-dir',
  })
}
