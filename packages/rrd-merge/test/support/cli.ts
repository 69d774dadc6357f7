import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { inject } from 'vitest'

/** The packed command line: a script for node. RRD_MERGE_CLI names another, outside of vitest. */
export function cliPath(): string {
  const given = process.env.RRD_MERGE_CLI
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
  /** As `within`, in user and mount namespaces of its own. */
  readonly namespace?: boolean
  /** For names that aren't UTF-8, which `spawn` can't pass: the shell reads the words from `printf`. */
  readonly shellWords?: string
}

export interface Ran {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** The command line that runs the packed tool. */
export function commandOf(args: readonly string[], options: RunOptions = {}): string[] {
  const who =
    options.as === undefined
      ? []
      : [
          'setpriv',
          `--reuid=${options.as}`,
          `--regid=${options.as}`,
          '--clear-groups',
          '--no-new-privs',
          '--inh-caps=-all',
        ]
  const command = [...who, process.execPath, cliPath(), ...args]
  const shell = options.within === undefined ? [] : ['sh', '-c', options.within, 'sh']
  return [...(options.namespace ? ['unshare', '-rm'] : []), ...shell, ...command]
}

const environment = (extra: RunOptions['env']): NodeJS.ProcessEnv => {
  const { RRDCACHED_ADDRESS: _, NO_COLOR: __, FORCE_COLOR: ___, ...inherited } = process.env
  return { ...inherited, ...extra }
}

/** Runs the packed tool to its end. */
export function rrdMerge(args: readonly string[], options: RunOptions = {}): Ran {
  const [command, ...rest] = commandOf(args, options) as [string, ...string[]]
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
export function startRrdMerge(
  args: readonly string[],
  options: RunOptions & Pick<SpawnOptions, 'stdio'> = {},
): ChildProcess {
  const [command, ...rest] = commandOf(args, options) as [string, ...string[]]
  return spawn(command, rest, {
    cwd: options.cwd,
    env: environment(options.env),
    stdio: options.stdio ?? 'ignore',
  })
}

export interface ReportedFile {
  readonly path: string
  readonly pathBase64?: string
  readonly status: string
  readonly filled: number
  readonly stillUnknown: number
  readonly warnings: readonly { readonly code: string; readonly message: string }[]
  readonly error?: { readonly code: string; readonly message: string }
}

export interface ReportDocument {
  readonly schema: string
  readonly files: readonly ReportedFile[]
  readonly totals: Readonly<Record<string, number>>
  readonly warnings?: readonly { readonly code: string }[]
  readonly error?: { readonly code: string; readonly message: string }
}

/** Runs a merge with `--json` and gives its document beside the outcome. */
export function mergeJson(args: readonly string[], options: RunOptions = {}): Ran & ReportDocument {
  const ran = rrdMerge([...args, '--json'], options)
  try {
    return { ...ran, ...(JSON.parse(ran.stdout) as ReportDocument) }
  } catch {
    throw new Error(`no document on stdout: ${JSON.stringify(ran)}`)
  }
}
