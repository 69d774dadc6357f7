import { closeSync, constants, fstatSync, ftruncateSync, openSync } from 'node:fs'
import { DaemonError } from '../errors.ts'
import type { StartPlan } from '../plan/index.ts'

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants

/** The daemon's stdout and stderr, open. One descriptor where both are one file, so that their lines keep their order. */
export interface OpenLogs {
  readonly stdout: number
  readonly stderr: number
  /** What was logged before goes. Only for whoever starts a daemon: a running one may be writing to them. */
  empty(): void
  close(): void
}

/** @throws DaemonError `HELPER` */
export function openLogs({ beginning: { logs, how } }: StartPlan): OpenLogs {
  const open = (path: string): number => {
    try {
      return openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o666 & ~how.umask)
    } catch (cause) {
      const why = (cause as NodeJS.ErrnoException).code
      throw new DaemonError('HELPER', `${path}: the log can't be opened: ${why}`, {
        exitCode: 125,
        remedy: 'make its folder, or name another file with --stdout and --stderr',
        cause,
      })
    }
  }
  const stdout = open(logs.stdout)
  const stderr = logs.stderr === logs.stdout ? stdout : open(logs.stderr)
  const each = (work: (fd: number) => void): void => {
    for (const fd of new Set([stdout, stderr])) work(fd)
  }
  return {
    stdout,
    stderr,
    empty: () => each((fd) => fstatSync(fd).isFile() && ftruncateSync(fd, 0)),
    close: () => each(closeSync),
  }
}
