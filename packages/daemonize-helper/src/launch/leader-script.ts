import type { Descriptors } from './descriptors.ts'

/**
 * The session's leader, in the shell language that dash, busybox and bash share. `$1` is the umask, then comes the command.
 * On entry fd 0 is the lock file, 1 and 2 the logs, 3 the control socket; the lock file is 4 from then on.
 *
 * It tells on fd 3: `no-flock`, `busy` or `locked`; then, told `go`, `began` with the daemon's line of /proc/self/stat, `failed N`
 * where the command could not be executed, and in the end `exit N`. Should the launcher die before `go`, `read` meets
 * the socket's end and nothing is started.
 *
 * The subshell that becomes the command stands in the foreground: the commands of an asynchronous list ignore SIGINT and
 * SIGQUIT, and what is ignored on entry no `trap` of a shell brings back (POSIX XCU 2.11, 2.14). Its line is in the lock file before
 * the command runs, so that no daemon is ever without anything that tells of it. In `{ exec; } 3>&-` the shell keeps the
 * descriptor at a number above 9, with close-on-exec, and has it back for the trap where exec failed.
 */
export function leaderScript({ forCommand }: Descriptors): string {
  return `exec 4<&0 </dev/null
command -v flock >/dev/null || { echo no-flock >&3; exit; }
flock -n 4 || { echo busy >&3; exit; }
echo locked >&3
read -r go <&3 || exit
umask "$1"
shift
(
  read -r stat </proc/self/stat && echo "$stat" >&4 || exit 125
  echo "began $stat" >&3
  trap 'echo "failed $?" >&3' EXIT
  { exec "$@"; } ${forCommand}
)
echo "exit $?" >&3
`
}
