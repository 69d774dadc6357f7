import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { inject } from 'vitest'

/** The packed command line: a script for node. QCOW2_CHECK_CLI names another, outside of vitest. */
export function cliPath(): string {
  const given = process.env.QCOW2_CHECK_CLI
  if (given !== undefined) return given
  const folder = inject('packedPackage')
  if (folder === undefined) throw new Error('nothing is built: run `npm run build` first')
  return join(folder, 'dist/cli.cjs')
}

/** A uid that owns nothing: Debian's `nobody`. */
export const STRANGER = 65534

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Runs it as this user without any privileges. */
  readonly as?: number
  /** A shell script that ends in `exec "$@"` and prepares the ground. */
  readonly within?: string
}

export interface Ran {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** The command line that runs the packed tool. */
function commandOf(args: readonly string[], { as, within }: RunOptions): [string, ...string[]] {
  const who = [`--reuid=${as}`, `--regid=${as}`, '--clear-groups', '--no-new-privs', '--inh-caps=-all']
  const command: [string, ...string[]] = [process.execPath, cliPath(), ...args]
  const asWho: [string, ...string[]] = as === undefined ? command : ['setpriv', ...who, ...command]
  return within === undefined ? asWho : ['sh', '-c', within, 'sh', ...asWho]
}

const environment = (extra: RunOptions['env']): NodeJS.ProcessEnv => {
  const { NO_COLOR: _, FORCE_COLOR: __, NODE_EXTRA_CA_CERTS: ___, ...inherited } = process.env
  return { ...inherited, ...extra }
}

/** Runs the packed tool to its end. */
export function qcow2Check(args: readonly string[], options: RunOptions = {}): Ran {
  const [command, ...rest] = commandOf(args, options)
  const { status, signal, stdout, stderr, error } = spawnSync(command, rest, {
    cwd: options.cwd,
    env: environment(options.env),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    timeout: 50_000,
    killSignal: 'SIGKILL',
  })
  if (error) throw error
  return { status, signal, stdout, stderr }
}

/** Starts the packed tool; whoever starts it ends it. */
export function startQcow2Check(
  args: readonly string[],
  options: RunOptions & Pick<SpawnOptions, 'stdio'> = {},
): ChildProcess {
  const [command, ...rest] = commandOf(args, options)
  return spawn(command, rest, {
    cwd: options.cwd,
    env: environment(options.env),
    stdio: options.stdio ?? 'ignore',
  })
}
