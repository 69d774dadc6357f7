import { spawn } from 'node:child_process'
import { onTestFinished } from 'vitest'

/** Perl's fcntl, since Node has none: takes a lock, says so, and keeps it until its input ends. */
const LOCKER = `
use Fcntl;
my ($file, $command, $type, $times) = @ARGV;
open(my $handle, '+<', $file) or die $!;
for my $at (0 .. $times - 1) {
  my $whole = $times == 1;
  my $lock = pack('s s x![l!] l! l! i x4', $type, 0, $whole ? 0 : 2 * $at, $whole ? 0 : 1, 0);
  fcntl($handle, $command, $lock) or die "lock: $!";
}
$| = 1;
print "held\\n";
<STDIN>;
`

const COMMANDS = { posix: 6, ofd: 37 } as const
const TYPES = { read: 0, write: 1 } as const

export interface Holder {
  readonly pid: number
  /** Lets go; resolves when it is done. */
  release(): Promise<void>
}

/** Another process that locks the file: all of it, or `times` single bytes. */
export function lockFile(
  file: string,
  kind: keyof typeof COMMANDS,
  access: keyof typeof TYPES,
  times = 1,
): Promise<Holder> {
  return hold('perl', ['-e', LOCKER, file, String(COMMANDS[kind]), String(TYPES[access]), String(times)])
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
