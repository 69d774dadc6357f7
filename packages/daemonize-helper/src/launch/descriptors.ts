import { DaemonError } from '../errors.ts'

/** What the leader is given, and how its subshell hands on what the command shall have. */
export interface Descriptors {
  /** By number, as child_process wants it. */
  readonly stdio: readonly (number | 'pipe' | 'ignore')[]
  /** Redirections of a shell, from left to right. */
  readonly forCommand: string
}

/** Of the leader script: the control socket, and what it moves the lock file to. */
export const CONTROL = 3
const LOCK = 4
const OF_THE_SCRIPT = [CONTROL, LOCK]
/** Where descriptors wait whose numbers the script needs. A shell's redirections go up to 9. */
const WAITING = [5, 6, 7, 8, 9]

/**
 * @param keep descriptors above 2 that the command gets at the same number
 * @throws DaemonError `HELPER` where so many of the low numbers are kept that none is left to work with
 */
export function layOut(
  own: { readonly lock: number; readonly stdout: number; readonly stderr: number },
  keep: readonly number[],
): Descriptors {
  const stdio: (number | 'pipe' | 'ignore')[] = [own.lock, own.stdout, own.stderr, 'pipe']
  const place = (fd: number, at: number): void => {
    while (stdio.length < at) stdio.push('ignore')
    stdio[at] = fd
  }
  const free = WAITING.filter((number) => !keep.includes(number))
  const redirections: string[] = []
  for (const fd of OF_THE_SCRIPT) {
    if (!keep.includes(fd)) {
      redirections.push(`${fd}>&-`)
      continue
    }
    const at = free.shift()
    if (at === undefined) {
      throw new DaemonError('HELPER', `--keep-fd: not all of 3 to 9 can be kept`, {
        exitCode: 125,
        remedy: 'move some of them to numbers from 10',
      })
    }
    place(fd, at)
    redirections.push(`${fd}<&${at} ${at}<&-`)
  }
  for (const fd of keep) if (!OF_THE_SCRIPT.includes(fd)) place(fd, fd)
  return { stdio, forCommand: redirections.join(' ') }
}
