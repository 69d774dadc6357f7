import { resolve } from 'node:path'
import { type CommandContext, UsageError } from '@nightshift/tooling/command-line'
import { fileNameText } from '@nightshift/tooling/files'
import type { StartRequest } from '../plan/index.ts'
import { nameOfCommand } from '../program/index.ts'
import type { ReadyCheck } from '../ready/index.ts'
import { defaultStateFolder } from '../state/index.ts'
import type { StartOptions } from './start.options.ts'

/** What the command line asks for: relative paths are the starter's, as the daemon has another folder. */
export function startRequest({ program, env }: CommandContext, options: StartOptions): StartRequest {
  const command = program as unknown as readonly [string, ...string[]]
  const name = options.name ?? nameOfCommand(command[0])
  if (name === undefined) {
    throw new UsageError(`'${command[0]}' can't be the name of a daemon`, {
      remedy: 'give it one with --name',
    })
  }
  const log = (path: string | undefined): string => (path === undefined ? '/dev/null' : resolve(path))
  return {
    name,
    command,
    cwd: resolve(options.cwd),
    logs: { stdout: log(options.stdout), stderr: log(options.stderr) },
    stop: { signal: options.stopSignal, timeoutMs: options.stopTimeout },
    ...(options.pidfile !== undefined && { pidFile: resolve(options.pidfile) }),
    how: {
      umask: options.umask,
      environment: { clear: options.envClear === true, own: options.env ?? [] },
      settleMs: options.settle,
      ready: absolute(options.ready),
      readyTimeoutMs: options.readyTimeout,
    },
    stateFolder:
      options.stateDir === undefined ? defaultStateFolder() : resolve(fileNameText(options.stateDir)),
    inherited: env,
    truncateLogs: options.truncate === true,
    keepFds: options.keepFd ?? [],
  }
}

/** A relative path is the starter's; the daemon has another folder. */
function absolute(check: ReadyCheck): ReadyCheck {
  return check.by === 'unix' || check.by === 'file' ? { ...check, path: resolve(check.path) } : check
}
