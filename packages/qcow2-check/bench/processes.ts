import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What each process of the benchmark sees: no extra certificates, which cost Node 40 ms at every start. */
export const environment = (() => {
  const { NODE_EXTRA_CA_CERTS, NODE_OPTIONS, ...rest } = process.env
  return { ...rest, LC_ALL: 'C' }
})()

export const CLI = new URL('../dist/cli.cjs', import.meta.url).pathname

export interface Ended {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end. Its text goes to a pipe nobody waits for: qemu-img prints a line for each leak. */
export function end(program: string, args: readonly string[]): Ended {
  const done = spawnSync(program, args, { env: environment, encoding: 'utf8', maxBuffer: 2 ** 30 })
  if (done.error) throw done.error
  return { status: done.status ?? -1, stdout: done.stdout, stderr: done.stderr }
}

/** As `end`; throws where it fails. */
export function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = end(program, args)
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${status}: ${stderr.slice(0, 500)}`)
  return stdout
}

export const qcow2Check = (...args: readonly string[]): string => run(process.execPath, [CLI, ...args])

/** Largest resident set of a Node program, in bytes: as the kernel counted it. */
export function peakMemory(args: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'qcow2-check-bench-'))
  try {
    const out = join(folder, 'peak')
    run('/usr/bin/env', [
      'bash',
      '-c',
      'exec /usr/bin/time -f %M -o "$0" "$@"',
      out,
      process.execPath,
      ...args,
    ])
    return Number(readFileSync(out, 'utf8').trim()) * 1024
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Bytes that a program reads from files, as strace sees it. */
export function bytesRead(args: readonly string[], path: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'qcow2-check-bench-'))
  try {
    const out = join(folder, 'trace')
    run('strace', ['-f', '-y', '-e', 'trace=read,pread64,preadv', '-o', out, process.execPath, ...args])
    let bytes = 0
    for (const line of readFileSync(out, 'utf8').split('\n'))
      if (line.includes(`<${path}>`)) bytes += Number(/= (\d+)$/.exec(line)?.[1] ?? 0)
    return bytes
  } finally {
    rmSync(folder, { recursive: true })
  }
}
