import { DaemonError } from '../errors.ts'

/** What the leader is given, and how its subshell hands on what the command shall have. */
export interface Descriptors {
  /** By number, as child_process wants it. */
  readonly stdio: readonly (number | 'pipe' | 'ignore')[]
  /** Where in `stdio` each descriptor is that the command gets. */
  readonly places: ReadonlyMap<number, number>
  /** Redirections of a shell, from left to right. */
  readonly forCommand: string
}

/** Of the leader script: the control socket, and what it moves the lock file to. */
export const CONTROL = 3
const LOCK = 4
const OF_THE_SCRIPT = [CONTROL, LOCK]
/** Where descriptors wait whose numbers the script needs. A shell's redirections go up to 9. */
const WAITING = [5, 6, 7, 8, 9]

/** What the command gets at a number above 2: a descriptor of this process, or a new socket whose other end is here. */
export interface Handed {
  readonly fd: number
  readonly from: number | 'pipe'
}

/** @throws DaemonError `HELPER` where so many of the low numbers are handed on that none is left to work with */
export function layOut(
  own: { readonly lock: number; readonly stdout: number; readonly stderr: number },
  handed: readonly Handed[],
): Descriptors {
  const stdio: (number | 'pipe' | 'ignore')[] = [own.lock, own.stdout, own.stderr, 'pipe']
  const places = new Map<number, number>()
  const place = ({ fd, from }: Handed, at: number): void => {
    while (stdio.length < at) stdio.push('ignore')
    stdio[at] = from
    places.set(fd, at)
  }
  const free = WAITING.filter((number) => !handed.some(({ fd }) => fd === number))
  for (const one of handed) {
    const at = OF_THE_SCRIPT.includes(one.fd) ? free.shift() : one.fd
    if (at === undefined) {
      throw new DaemonError('HELPER', 'the command cannot have all descriptors from 3 to 9', {
        exitCode: 125,
        remedy: 'move some of them to numbers from 10 (--keep-fd, --ready fd:N)',
      })
    }
    place(one, at)
  }
  const redirections = OF_THE_SCRIPT.map((fd) => {
    const at = places.get(fd)
    return at === undefined ? `${fd}>&-` : `${fd}<&${at} ${at}<&-`
  })
  return { stdio, places, forCommand: redirections.join(' ') }
}
