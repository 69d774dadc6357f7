"""Starts a command in a state that no daemon may inherit: argv[1] is none, tty, or leader; the rest the command."""
import os, pty, signal, sys

def spoil():
    os.umask(0o077)
    for number in (7, 20, 251, 300, 1000):
        fd = os.open("/dev/null", os.O_RDWR)
        os.dup2(fd, number)
        os.set_inheritable(number, True)
        os.close(fd)
    for name in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE, signal.SIGTERM, signal.SIGCHLD, 40):
        signal.signal(name, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1, signal.SIGTERM, signal.SIGCHLD, 41])
    os.environ.update({"TERM": "xterm", "SSH_CONNECTION": "1", "TMUX": "x", "NOTIFY_SOCKET": "/none", "KEPT": "yes"})

how, command = sys.argv[1], sys.argv[2:]
if how == "tty":
    pid, terminal = pty.fork()
    if pid == 0:
        spoil()
        os.execvp(command[0], command)
    out = b""
    while True:
        try:
            chunk = os.read(terminal, 4096)
        except OSError:
            break
        if not chunk:
            break
        out += chunk
    sys.stdout.write(out.decode().replace("\r\n", "\n"))
    sys.stdout.flush()
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
if how == "leader":
    child = os.fork()
    if child:
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    os.setsid()
spoil()
os.execvp(command[0], command)
