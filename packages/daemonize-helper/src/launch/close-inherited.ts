import { closeSync, fstatSync, readdirSync, readFileSync } from 'node:fs'
import { DaemonError } from '../errors.ts'

/** O_CLOEXEC as fdinfo prints flags: octal. */
const CLOSE_ON_EXEC = 0o2000000

/**
 * Closes every descriptor above 2 that this process was started with and would hand on: Node marks only the first few
 * of them close-on-exec, and a lock or a pipe in one of the others stays held for the daemon's life. Node's own are marked.
 * For a process that is the launcher and nothing else.
 *
 * @throws DaemonError `HELPER` where one that is to be kept is not open
 */
export function closeInherited(keep: readonly number[]): void {
  for (const fd of keep) assertOpen(fd)
  for (const entry of readdirSync('/proc/self/fd')) {
    const fd = Number(entry)
    if (fd <= 2 || keep.includes(fd)) continue
    try {
      const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1]
      if (flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0) closeSync(fd)
    } catch {
      // The descriptor by which the folder was read.
    }
  }
}

function assertOpen(fd: number): void {
  try {
    fstatSync(fd)
  } catch (cause) {
    throw new DaemonError('HELPER', `--keep-fd ${fd}: there is no such descriptor`, {
      exitCode: 125,
      remedy: `open it in the shell that starts this: ${fd}<FILE`,
      cause,
    })
  }
}
