import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What each process of the benchmark sees: no extra certificates, which cost Node 40 ms at every start. */
export const environment = (() => {
  const { NODE_EXTRA_CA_CERTS, RRDCACHED_ADDRESS, ...rest } = process.env
  return { ...rest, LC_ALL: 'C' }
})()

export const CLI = new URL('../dist/cli.cjs', import.meta.url).pathname

/** Runs a program to its end; its output. Throws where it fails. */
export function run(program: string, args: readonly string[], input?: string): string {
  const done = spawnSync(program, args, {
    env: environment,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    ...(input !== undefined && { input }),
  })
  if (done.status !== 0)
    throw new Error(`${program} ${args.slice(0, 3).join(' ')}: ${done.stderr || done.error}`)
  return done.stdout
}

export const rrdMerge = (...args: readonly string[]): string => run(process.execPath, [CLI, ...args])

/** Largest resident set of a Node program, in bytes: told by the program itself at its end. */
export function peakMemory(args: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'rrd-merge-bench-'))
  try {
    const out = join(folder, 'peak')
    const hook = join(folder, 'hook.cjs')
    writeFileSync(
      hook,
      `if (require('node:worker_threads').isMainThread) process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(out)}, String(process.resourceUsage().maxRSS)))`,
    )
    run(process.execPath, ['--require', hook, ...args])
    return Number(readFileSync(out, 'utf8')) * 1024
  } finally {
    rmSync(folder, { recursive: true })
  }
}
