import { spawnSync } from 'node:child_process'

/**
 * `held`: until the descriptor is closed. `conflict`: somebody else has a lock on the file. `unable`: no program here
 * that could take one, or the file system has no locks.
 */
export type LockOutcome = 'held' | 'conflict' | 'unable'

const HELD = 0
const CONFLICT = 11

/** F_OFD_SETLK of linux/fcntl.h; 37 on every architecture. */
const PERL = `open(my $file, '+<&=', 3) or exit 1;
my $lock = pack('s s x![l!] l! l! i x4', 1, 0, 0, 0, 0);
exit(fcntl($file, 37, $lock) ? ${HELD} : $!{EAGAIN} || $!{EACCES} ? ${CONFLICT} : 1)`

const PYTHON = `import errno, fcntl, struct, sys
try:
    fcntl.fcntl(3, 37, struct.pack('hhqqi', 1, 0, 0, 0, 0))
except OSError as error:
    sys.exit(${CONFLICT} if error.errno in (errno.EAGAIN, errno.EACCES) else 1)`

/** In the order of their start-up times. perl-base is on every Debian, python3 on every Red Hat. */
const TAKERS: readonly (readonly [program: string, ...args: string[]])[] = [
  ['perl', '-MErrno', '-e', PERL],
  ['python3', '-I', '-c', PYTHON],
]

/**
 * Takes an OFD lock on all of the file, to write, without waiting. Node has no fcntl(2), but such a lock belongs to the
 * open file description: another program takes it on the descriptor that it inherits, ends, and the lock stays ours.
 * It conflicts with POSIX locks and with the OFD locks that QEMU takes, also those of readers.
 *
 * @param fd open for writing
 */
export function takeLock(fd: number): LockOutcome {
  for (const [program, ...args] of TAKERS) {
    const { status } = spawnSync(program, args, {
      stdio: ['ignore', 'ignore', 'ignore', fd],
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
    })
    if (status === HELD) return 'held'
    if (status === CONFLICT) return 'conflict'
  }
  return 'unable'
}
