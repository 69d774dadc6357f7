/**
 * The session's leader. `$1` the FIFO, `$2` where the inner shell leaves its line, `$3` the shell, `$4` the inner script,
 * `$5` the umask, then the command. Fd 0 is the lock file, 1 and 2 the logs, 3 the control socket. Answers on fd 3:
 * `no-flock`, `busy`, `failed`, or `locked`; then, told `go`, what became of the command: `exit N`.
 *
 * The inner shell runs in the foreground: the commands of an asynchronous list ignore SIGINT and SIGQUIT, and what is
 * ignored on entry no `trap` of a shell brings back (POSIX XCU 2.11, 2.14). Should the launcher die before `go`, `read`
 * meets the socket's end and nothing is started.
 */
export const LEADER = `exec 4<&0 </dev/null
command -v flock >/dev/null || { echo no-flock >&3; exit 0; }
flock -n 4 || { echo busy >&3; exit 0; }
[ ! -e "$1" ] || rm -f -- "$1"
mkfifo -m 600 -- "$1" || { echo failed >&3; exit 0; }
echo locked >&3
read -r go <&3 || exit 0
fifo=$1 begun=$2 sh=$3 inner=$4
umask "$5"
shift 5
"$sh" -c "$inner" "$sh" "$fifo" "$begun" "$@" 3>&- 4>&-
echo "exit $?" >&3
`

/**
 * Becomes the command. `$1` the FIFO, `$2` where to leave its line, then the command. Its line of /proc/self/stat goes
 * to disk first, so that a daemon is never without anything that tells of it.
 *
 * The FIFO is open for reading too: opening it never waits, not even for a launcher that was killed. In
 * `{ exec ...; } 3>&-` the shell keeps it at a number above 9 with close-on-exec: it closes when the command is executed,
 * and not before. bash leaves a failed exec without its EXIT trap, unless it may go on after it (execfail).
 */
export const INNER = `[ -z "\${BASH_VERSION-}" ] || shopt -s execfail 2>/dev/null
fifo=$1
read -r stat </proc/self/stat && echo "$stat" >>"$2" || exit 125
exec 3<>"$fifo"
echo "$stat" >&3
shift 2
trap 'echo "failed $?" >"$fifo"' EXIT
{ exec "$@"; } 3>&-
exit $?
`
