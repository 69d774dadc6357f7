import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'

export interface Ran {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  /** Words before the tool's own: what starts it. */
  readonly by?: readonly string[]
}

/** The packed command line: a script for node. */
export function cliPath(): string {
  const folder = inject('packedPackage')
  if (folder === undefined) throw new Error('nothing is built: run `npm run build` first')
  return join(folder, 'dist/cli.cjs')
}

/** Runs a program to its end, and as long as anybody holds its output open: a daemon that did would hang a test. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { NODE_EXTRA_CA_CERTS: _, NO_COLOR: __, FORCE_COLOR: ___, ...inherited } = process.env
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? inherited,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 40_000,
      killSignal: 'SIGKILL',
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.once('error', reject)
    child.once('close', (status, signal) => resolve({ status, signal, stdout, stderr }))
  })
}

/** A state folder with daemons of its own, all of which are gone after it. */
export class Home implements AsyncDisposable {
  readonly path = mkdtempSync(join(tmpdir(), 'daemonize-helper-'))

  get state(): string {
    return join(this.path, 'state')
  }

  file(name: string): string {
    return join(this.path, name)
  }

  read(name: string): string {
    return readFileSync(this.file(name), 'utf8')
  }

  /** The packed tool, on this state folder. */
  tool(command: string, args: readonly string[] = [], options: RunOptions = {}): Promise<Ran> {
    const [program = process.execPath, ...rest] = [...(options.by ?? []), process.execPath, cliPath()]
    return run(program, [...rest, command, '--state-dir', this.state, ...args], options)
  }

  /** The document of `--json`. */
  async json(
    command: string,
    args: readonly string[] = [],
    options: RunOptions = {},
  ): Promise<Record<string, unknown>> {
    const { stdout, stderr } = await this.tool(command, ['--json', ...args], options)
    if (stdout === '') throw new Error(`no document: ${stderr}`)
    return JSON.parse(stdout) as Record<string, unknown>
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { daemons } = (await this.json('list')) as { daemons: { name: string }[] }
    for (const { name } of daemons) await this.tool('stop', [name, '--stop-timeout', '1s'])
    rmSync(this.path, { recursive: true, force: true })
  }
}
