import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const CLI = process.env.BENCH_CLI ?? new URL('../dist/cli.cjs', import.meta.url).pathname

/** What each process of the benchmark sees: no extra certificates, which cost Node 40 ms at every start. */
const environment = (() => {
  const { NODE_EXTRA_CA_CERTS, ...rest } = process.env
  return { ...rest, LC_ALL: 'C', NODE: process.execPath, CLI }
})()

/** Runs a program to its end; its output. Throws where it fails. */
export function run(program: string, args: readonly string[]): string {
  const done = spawnSync(program, args, { env: environment, encoding: 'utf8', maxBuffer: 2 ** 30 })
  if (done.status !== 0)
    throw new Error(`${program} ${args.slice(0, 3).join(' ')}: ${done.stderr || done.error}`)
  return done.stdout
}

/** Bytes that `total` tells. */
export function totalOf(args: readonly string[]): bigint {
  const document = JSON.parse(run(process.execPath, [CLI, 'total', '--json', ...args]))
  return BigInt(document.totals.bytesOut)
}

/** User and system time of a command of the shell, seconds. */
export function cpuSeconds(command: string): number {
  const told = run('bash', ['-c', `TIMEFORMAT='%U %S'; { time ${command} ; } 2>&1 | tail -1`])
  return told
    .trim()
    .split(' ')
    .map(Number)
    .reduce((a, b) => a + b, 0)
}

/** Largest resident set of a run of the command line, MiB: told by the program itself at its end. */
export function peakMemory(args: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'haproxy-bytes-bench-'))
  try {
    const out = join(folder, 'peak')
    const hook = join(folder, 'hook.cjs')
    writeFileSync(
      hook,
      `if (require('node:worker_threads').isMainThread) process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(out)}, String(process.resourceUsage().maxRSS)))`,
    )
    run(process.execPath, ['--require', hook, CLI, ...args])
    return Math.round(Number(readFileSync(out, 'utf8')) / 1024)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
