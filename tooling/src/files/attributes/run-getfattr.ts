import { spawnSync } from 'node:child_process'
import { type AttributeMap, parseGetfattr } from './getfattr-output.ts'

/** A listing of more than this is of no tree that a tool works on. */
const MOST_OUTPUT = 512 * 1024 * 1024

/**
 * Runs getfattr with descriptors passed as 3, 4, ...; its answer, or why there is none. Its exit status is no guide (1
 * for a single file that vanished or can't be read): what it printed is.
 */
export function runGetfattr(
  args: readonly string[],
  fds: readonly number[],
): Map<string, AttributeMap> | string {
  const run = spawnSync('getfattr', args, {
    stdio: ['ignore', 'pipe', 'pipe', ...fds],
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: MOST_OUTPUT,
  })
  if (run.error) {
    const missing = 'code' in run.error && run.error.code === 'ENOENT'
    return missing ? 'getfattr is not installed (Debian: apt install attr)' : `getfattr: ${run.error.message}`
  }
  if (run.signal) return `getfattr ended by ${run.signal}`
  const said = run.stderr.toString().trim()
  if (run.status !== 0 && run.stdout.length === 0 && said !== '') return said.split('\n')[0] ?? said
  return parseGetfattr(run.stdout)
}
