import { readFileSync, type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { describeError } from '@nightshift/tooling/errors'
import { HaproxyBytesError } from '../errors.ts'

const GROUP_READ = 0o040
const GROUP_ENTER = 0o010

/** Why a log can't be opened or read, and what its reader can do about it. */
export function unreadable(path: string, error: unknown): HaproxyBytesError {
  const { message, remedy } = describeError(error)
  const advice = (error as NodeJS.ErrnoException).code === 'EACCES' ? membership(path) : remedy
  return new HaproxyBytesError('unreadable', path, message, {
    cause: error,
    ...(advice !== undefined && { remedy: advice }),
  })
}

/** What can hold no log: a folder, a device, a socket. Undefined for what can: a file, a pipe. */
export function refusalOf(path: string, stats: Stats): HaproxyBytesError | undefined {
  if (stats.isFile() || stats.isFIFO()) return undefined
  if (stats.isDirectory())
    return new HaproxyBytesError('no-log', path, 'it is a folder', {
      remedy: `name its logs: '${path.replace(/\/+$/, '')}/haproxy.log*'`,
    })
  return new HaproxyBytesError('no-log', path, stats.isSocket() ? 'it is a socket' : 'it is a device', {
    remedy: 'name a file or a pipe, or - for standard input',
  })
}

/** Logs belong to a group (adm on Debian, systemd-journal, root): its name is what an operator has to ask for. */
function membership(path: string): string {
  const [barrier, stats] = barrierOf(path)
  const { gid, mode } = stats
  const group = groupName(gid)
  const opens = (mode & (stats.isDirectory() ? GROUP_ENTER : GROUP_READ)) !== 0
  const what = stats.isDirectory() ? 'enter' : 'read'
  if (opens)
    return `only the group ${group} may ${what} ${barrier}: run \`sudo usermod -aG ${group} "$USER"\` and log in again, or run this with sudo`
  return `only its owner may ${what} ${barrier} (mode ${(mode & 0o777).toString(8)}, group ${group}): run this with sudo, or \`chmod g+${stats.isDirectory() ? 'x' : 'r'}\` it and set logrotate's \`create\` likewise`
}

/** The file, or the folder above it that may not be entered. */
function barrierOf(path: string): readonly [string, Stats] {
  try {
    return [path, statSync(path)]
  } catch {
    const folder = dirname(path)
    return folder === path ? [path, statSync('/')] : barrierOf(folder)
  }
}

/** Of /etc/group, for which Node has no call; its number where it has no name. */
export function groupName(gid: number): string {
  try {
    const line = readFileSync('/etc/group', 'utf8')
      .split('\n')
      .find((text) => text.split(':')[2] === String(gid))
    return line?.split(':')[0] || String(gid)
  } catch {
    return String(gid)
  }
}
