import { spawnSync } from 'node:child_process'
import { runFromAfar } from './starter.ts'

export interface Ran {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program of QEMU's; what it says about failure is the caller's to judge. */
export function qemu(program: 'qemu-img' | 'qemu-io', args: readonly string[], cwd?: string): Ran {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (error) throw error
  return { status: status ?? -1, stdout, stderr }
}

/** As `qemu`, for steps that must go well. */
export function qemuImg(args: readonly string[], cwd?: string): string {
  return expectSuccess('qemu-img', args, qemu('qemu-img', args, cwd))
}

/** qemu-io leaves with 0 where a command failed, but says so. */
export function qemuIo(args: readonly string[], cwd?: string): string {
  const ran = qemu('qemu-io', args, cwd)
  if (/failed|error|invalid|not found/i.test(ran.stdout + ran.stderr))
    throw new Error(`qemu-io ${args.join(' ')}: ${ran.stdout}${ran.stderr}`)
  return expectSuccess('qemu-io', args, ran)
}

/** As `qemu`, while other things go on. */
export function qemuAsync(
  program: 'qemu-img' | 'qemu-io',
  args: readonly string[],
  cwd?: string,
): Promise<Ran> {
  return runFromAfar(program, args, cwd)
}

function expectSuccess(program: string, args: readonly string[], ran: Ran): string {
  if (ran.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${ran.status}: ${ran.stderr}`)
  return ran.stdout
}
