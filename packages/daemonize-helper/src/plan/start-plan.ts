import { DaemonError } from '../errors.ts'
import { daemonEnvironment, findProgram, MARK } from '../program/index.ts'
import type { Beginning } from '../state/index.ts'

/** What a start is asked for, with every default filled in. */
export interface StartRequest extends Omit<Beginning, 'nonce'> {
  /** Absolute. */
  readonly stateFolder: string
  /** The starter's variables. */
  readonly inherited: Readonly<Record<string, string | undefined>>
  readonly truncateLogs: boolean
  /** Descriptors that the daemon gets as they are, above 2. */
  readonly keepFds: readonly number[]
}

/** All that a start will do: what --dry-run prints. */
export interface StartPlan {
  readonly beginning: Beginning
  /** The file that is executed. */
  readonly program: string
  readonly stateFolder: string
  readonly environment: Readonly<Record<string, string>>
  readonly truncateLogs: boolean
  readonly keepFds: readonly number[]
}

/** @throws DaemonError `NOT_FOUND`, `NOT_EXECUTABLE`, `HELPER` (an argument that no command line can carry) */
export function planStart(request: StartRequest): StartPlan {
  const { stateFolder, inherited, truncateLogs, keepFds, ...asked } = request
  const { name, command, how } = asked
  if (command.some((word) => word.includes('\0'))) {
    throw new DaemonError('HELPER', 'an argument holds a NUL byte, which ends an argument', { exitCode: 125 })
  }
  // Tells starts apart, and keeps nothing secret: whoever takes it for a process of his own offers that to be stopped.
  const nonce = `${process.pid.toString(36)}-${process.hrtime.bigint().toString(36)}`
  const variables = daemonEnvironment({ inherited, ...how.environment })
  return {
    beginning: { ...asked, nonce },
    program: findProgram(command[0], variables.PATH),
    stateFolder,
    environment: { ...variables, [MARK]: `${name}:${nonce}` },
    truncateLogs,
    keepFds,
  }
}
