import { closeSync, constants, openSync } from 'node:fs'
import { DaemonError } from '../errors.ts'
import type { StartPlan } from '../plan/index.ts'

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY } = constants

/** The daemon's stdout and stderr, open. One descriptor where both are one file, so that their lines keep their order. */
export interface OpenLogs {
  readonly stdout: number
  readonly stderr: number
  close(): void
}

/** @throws DaemonError `HELPER` */
export function openLogs({ beginning: { logs, how }, truncateLogs }: StartPlan): OpenLogs {
  const open = (path: string): number => {
    const truncate = truncateLogs ? O_TRUNC : 0
    try {
      return openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | truncate, 0o666 & ~how.umask)
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
  const close = (): void => {
    closeSync(stdout)
    if (stderr !== stdout) closeSync(stderr)
  }
  return { stdout, stderr, close }
}
