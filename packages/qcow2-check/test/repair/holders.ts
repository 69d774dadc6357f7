import { spawn, spawnSync } from 'node:child_process'
import { onTestFinished } from 'vitest'

export interface Holder {
  readonly pid: number
  release(): Promise<void>
}

/** Starts a program that says something once it has what it wants, and keeps it until its input ends. */
export async function hold(program: string, args: readonly string[]): Promise<Holder> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<void>((done) => child.once('close', () => done()))
  const release = async (): Promise<void> => {
    child.stdin.end()
    await ended
  }
  onTestFinished(release)
  await new Promise<void>((held, failed) => {
    child.stdout.once('data', () => held())
    child.once('close', () => failed(new Error(`${program} ended`)))
  })
  return { pid: child.pid ?? 0, release }
}

/** qemu-io with the image open, at its prompt. */
export function qemuIoHolding(file: string, ...options: string[]): Promise<Holder> {
  return hold('qemu-io', [...options, file])
}

/** A shell with the image open on descriptor 3. */
export function shellHolding(file: string, how: 'read' | 'write'): Promise<Holder> {
  const open = how === 'read' ? 'exec 3<"$1"' : 'exec 3<>"$1"'
  return hold('sh', ['-c', `${open}; echo held; read -r end`, 'sh', file])
}

const LOCKER = `use Fcntl;
open(my $file, '+<', $ARGV[0]) or die $!;
fcntl($file, $ARGV[1], pack('s s x![l!] l! l! i x4', $ARGV[2], 0, 100, 1, 0)) or die "lock: $!";
$| = 1; print "held\\n"; <STDIN>;`

/** A process with a lock on byte 100, as QEMU has one. */
export function locking(file: string, kind: 'posix' | 'ofd', access: 'read' | 'write'): Promise<Holder> {
  const [command, type] = [kind === 'posix' ? '6' : '37', access === 'read' ? '0' : '1']
  return hold('perl', ['-e', LOCKER, file, command, type])
}

/** A loop device over a file, until the test ends. */
export function loopDevice(file: string): string {
  const { stdout, stderr, status } = spawnSync('losetup', ['-f', '--show', file], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  const device = stdout.trim()
  onTestFinished(() => void spawnSync('losetup', ['-d', device]))
  return device
}
