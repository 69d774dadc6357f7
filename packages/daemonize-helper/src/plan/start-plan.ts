import { DaemonError } from '../errors.ts'
import { daemonEnvironment, findProgram, MARK } from '../program/index.ts'
import type { ReadyCheck } from '../ready/index.ts'
import type { Beginning } from '../state/index.ts'

/** What a start is asked for, with every default filled in. */
export interface StartRequest {
  readonly name: string
  readonly command: readonly [program: string, ...args: string[]]
  /** Absolute. */
  readonly stateFolder: string
  readonly cwd: string
  /** Permission bits that files of the daemon don't get. */
  readonly umask: number
  readonly environment: {
    readonly inherited: Readonly<Record<string, string | undefined>>
    readonly clear: boolean
    readonly own: readonly (readonly [name: string, value: string])[]
  }
  /** Absolute paths; /dev/null keeps nothing. */
  readonly logs: { readonly stdout: string; readonly stderr: string; readonly truncate: boolean }
  /** How long the command must have run to count as started, in milliseconds. */
  readonly settleMs: number
  readonly ready: ReadyCheck
  /** How long it may take to be ready, in milliseconds. */
  readonly readyTimeoutMs: number
  readonly stop: { readonly signal: string; readonly timeoutMs: number }
  readonly pidFile?: string
  /** Descriptors that the daemon gets as they are, above 2. */
  readonly keepFds: readonly number[]
}

/** All that a start will do: what --dry-run prints. */
export interface StartPlan {
  readonly beginning: Beginning
  /** The file that is executed. */
  readonly program: string
  readonly stateFolder: string
  readonly umask: number
  readonly environment: Readonly<Record<string, string>>
  readonly truncateLogs: boolean
  readonly settleMs: number
  readonly ready: ReadyCheck
  readonly readyTimeoutMs: number
  readonly keepFds: readonly number[]
}

/** @throws DaemonError `NOT_FOUND`, `NOT_EXECUTABLE`, `HELPER` (an argument that no command line can carry) */
export function planStart(request: StartRequest): StartPlan {
  const { name, command, cwd, logs, stop, pidFile, environment } = request
  const nul = command.find((word) => word.includes('\0'))
  if (nul !== undefined) {
    throw new DaemonError('HELPER', 'an argument holds a NUL byte, which ends an argument', { exitCode: 125 })
  }
  // Tells starts apart, and keeps nothing secret: whoever takes it for a process of his own offers that to be stopped.
  const nonce = `${process.pid.toString(36)}-${process.hrtime.bigint().toString(36)}`
  const variables = daemonEnvironment(environment)
  return {
    beginning: {
      name,
      nonce,
      command,
      cwd,
      logs: { stdout: logs.stdout, stderr: logs.stderr },
      stop,
      ...(pidFile !== undefined && { pidFile }),
    },
    program: findProgram(command[0], variables.PATH),
    stateFolder: request.stateFolder,
    umask: request.umask,
    environment: { ...variables, [MARK]: `${name}:${nonce}` },
    truncateLogs: logs.truncate,
    settleMs: request.settleMs,
    ready: request.ready,
    readyTimeoutMs: request.readyTimeoutMs,
    keepFds: request.keepFds,
  }
}
