import { resolve } from 'node:path'
import { type CommandContext, UsageError } from '@nightshift/tooling/command-line'
import { fileNameText } from '@nightshift/tooling/files'
import { DaemonError } from '../errors.ts'
import { closeInherited, start } from '../launch/index.ts'
import { planStart, type StartRequest } from '../plan/index.ts'
import { nameOfCommand } from '../program/index.ts'
import type { ReadyCheck } from '../ready/index.ts'
import { daemonDocument } from '../report/daemon-document.ts'
import { daemonText } from '../report/daemon-text.ts'
import { EXIT } from '../report/exit-code.ts'
import { defaultStateFolder } from '../state/index.ts'
import type { StartOptions } from './start.options.ts'

/** As much of a log as fits on a screen with what is said about it. */
const TAIL_LINES = 10

/** `daemonize-helper start [options] -- CMD ARGS...` */
export async function run(
  context: CommandContext,
  _operands: readonly string[],
  options: StartOptions,
): Promise<number> {
  closeInherited(options.keepFd ?? [])
  const plan = planStart(requestOf(context, options))
  const { flags, out } = context
  const { name } = plan.beginning
  if (options.dryRun === true) {
    if (flags.json) await out.json({ dryRun: true, ...plan })
    else await out.line(`${name}: would start ${plan.program}, on record in ${plan.stateFolder}`)
    return EXIT.ok
  }
  const { already, daemon } = await start(plan, context.signal).catch((error: unknown) => {
    if (error instanceof DaemonError && error.logTail) showTail(context, error.logTail)
    throw error
  })
  if (already && options.failIfRunning === true) {
    throw new DaemonError('NAME_IN_USE', `${name}: runs already, pid ${daemon.identity.pid}`, { exitCode: 1 })
  }
  if (flags.json) await out.json({ ...daemonDocument(name, daemon), already })
  else if (!flags.quiet) await out.line(`${daemonText(name, daemon)}${already ? ' (already)' : ''}`)
  return EXIT.ok
}

function requestOf({ program, env }: CommandContext, options: StartOptions): StartRequest {
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

/** What the command said before it ended, marked as its words. */
function showTail({ log }: CommandContext, tail: string): void {
  for (const line of tail.trimEnd().split('\n').slice(-TAIL_LINES)) log.info(`| ${line}`)
}

/** A relative path is the starter's; the daemon has another folder. */
function absolute(check: ReadyCheck): ReadyCheck {
  return check.by === 'unix' || check.by === 'file' ? { ...check, path: resolve(check.path) } : check
}
