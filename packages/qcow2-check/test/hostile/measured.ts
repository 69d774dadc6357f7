import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { cliPath } from '../support/cli.ts'

/** What a command did, and what it cost. */
export interface Cost {
  /** null: it was killed, as it took more time than it was given. */
  readonly status: number | null
  readonly stderr: string
  /** Processor time, all threads: on a busy machine the clock tells of the others. */
  readonly seconds: number
  /** Largest resident set, bytes; 0 where it was killed. */
  readonly peak: number
}

const PEAK = fileURLToPath(new URL('./peak.cjs', import.meta.url))

/**
 * Runs the packed tool and measures it. What it prints is thrown away.
 *
 * @param seconds of processor time, after which it is killed
 */
export function measured(args: readonly string[], cwd: string, seconds: number): Cost {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  const command = ['-c', 'ulimit -t "$0" && exec "$@"', String(seconds), process.execPath]
  const { status, output, error } = spawnSync('sh', [...command, '--require', PEAK, cliPath(), ...args], {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    timeout: seconds * 20_000,
    killSignal: 'SIGKILL',
  })
  if (error) throw error
  const [, , stderr, told] = output
  const cost = told
    ? (JSON.parse(told) as { peak: number; cpuSeconds: number })
    : { peak: 0, cpuSeconds: seconds }
  return { status, stderr: stderr ?? '', seconds: cost.cpuSeconds, peak: cost.peak }
}
