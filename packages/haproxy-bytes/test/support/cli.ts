import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { inject } from 'vitest'

/** The packed command line: a script for node. HAPROXY_BYTES_CLI names another, outside of vitest. */
export function cliPath(): string {
  const given = process.env.HAPROXY_BYTES_CLI
  if (given !== undefined) return given
  const folder = inject('packedPackage')
  if (folder === undefined) throw new Error('nothing is built: run `npm run build` first')
  return join(folder, 'dist/cli.cjs')
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** What it reads from a pipe. */
  readonly input?: string | Uint8Array
}

export interface Ran {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

const environment = (extra: RunOptions['env']): NodeJS.ProcessEnv => {
  const { NO_COLOR: _, FORCE_COLOR: __, NODE_EXTRA_CA_CERTS: ___, ...inherited } = process.env
  return { ...inherited, ...extra }
}

/** Runs the packed tool to its end. */
export function haproxyBytes(args: readonly string[], options: RunOptions = {}): Ran {
  const { status, signal, stdout, stderr, error } = spawnSync(process.execPath, [cliPath(), ...args], {
    input: options.input,
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
