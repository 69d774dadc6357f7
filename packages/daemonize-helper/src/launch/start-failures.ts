import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { DaemonError } from '../errors.ts'
import type { StartPlan } from '../plan/index.ts'
import { readyCheckText } from '../ready/index.ts'
import type { Beginning, FoundDaemon } from '../state/index.ts'
import type { LockAnswer } from './leader.ts'

/** How much of a log shows why a command ended. */
const TAIL_BYTES = 4096

export function notExecuted({ beginning: { command } }: StartPlan, exitCode: number): DaemonError {
  const [program] = command
  return exitCode === 127
    ? new DaemonError('NOT_FOUND', `${program}: can't be executed: its interpreter isn't there`, {
        exitCode,
        remedy: 'look at its first line, or at the loader that it was linked for',
      })
    : new DaemonError('NOT_EXECUTABLE', `${program}: can't be executed`, { exitCode })
}

/** The command ended before it was settled or ready. A clean end is no daemon's either. */
export function ended({ beginning }: StartPlan, exitCode: number | undefined): DaemonError {
  const { command, logs } = beginning
  const [program] = command
  const logTail = tailOf(logs.stderr) || tailOf(logs.stdout)
  const seen = logs.stderr === '/dev/null' ? 'give --stderr FILE to see what it says' : undefined
  if (exitCode === undefined) {
    return new DaemonError('EXITED', `${program}: was ended before it was settled, and its session with it`, {
      exitCode: 1,
    })
  }
  if (exitCode === 0) {
    return new DaemonError(
      'EXITED',
      `${program}: ended with 0 before it was settled: it is no daemon, or puts itself into the background`,
      {
        exitCode: 1,
        remedy:
          'give it its foreground flag, or --ready file:PIDFILE with the pid file that it writes itself',
        logTail,
      },
    )
  }
  const how = exitCode > 128 ? `was killed by signal ${exitCode - 128}` : `ended with ${exitCode}`
  return new DaemonError('EXITED', `${program}: ${how} before it was settled`, {
    exitCode,
    ...(seen !== undefined && { remedy: seen }),
    logTail,
  })
}

export function readyTimeout({ beginning: { command, logs, how } }: StartPlan): DaemonError {
  const { ready, readyTimeoutMs } = how
  const taken = ready.by === 'port' ? '; does something else have the port?' : ''
  return new DaemonError(
    'READY_TIMEOUT',
    `${command[0]}: not ready after ${readyTimeoutMs / 1000} s (${readyCheckText(ready)}${taken}); it was ended`,
    {
      exitCode: 150,
      remedy: 'give it longer with --ready-timeout, or look at what it says with --stdout and --stderr',
      logTail: tailOf(logs.stderr) || tailOf(logs.stdout),
    },
  )
}

export function nameInUse({ name, command }: Beginning, { beginning }: FoundDaemon): DaemonError {
  const running = beginning.command.join(' ')
  return new DaemonError('NAME_IN_USE', `${name}: runs ${running}, not ${command.join(' ')}`, {
    exitCode: 1,
    remedy: 'stop it first, or give this one another --name',
  })
}

export function lockBusy({ beginning: { name } }: StartPlan): DaemonError {
  return new DaemonError('LOCKED', `${name}: another start is under way`, {
    exitCode: 151,
    remedy: `look again in a moment: daemonize-helper status ${name}`,
  })
}

export function lockFailed(answer: Exclude<LockAnswer, 'locked' | 'busy'>): DaemonError {
  return answer === 'no-flock'
    ? new DaemonError('HELPER', 'flock(1) is not there: nothing else can hold a lock here', {
        exitCode: 125,
        remedy: 'install util-linux (or busybox), and see that flock is in PATH',
      })
    : new DaemonError('HELPER', 'the shell ended before it took the lock', {
        exitCode: 125,
        remedy: 'does /bin/sh work, and was nothing killed?',
      })
}

/** The end of a log, from a line's beginning where it is cut. Empty where nothing is kept, or can't be read. */
function tailOf(path: string): string {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    return ''
  }
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) return ''
    const start = Math.max(0, stats.size - TAIL_BYTES)
    const bytes = Buffer.alloc(Math.min(stats.size, TAIL_BYTES))
    const text = bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, start))
    return start === 0 ? text : text.slice(text.indexOf('\n') + 1)
  } finally {
    closeSync(fd)
  }
}
