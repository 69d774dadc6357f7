import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { DatagramLog } from './datagram-log.ts'
import type { SyslogSink } from './syslog-sink.ts'
import { until, within } from './waiting.ts'

// Node has no unix datagram sockets. Each datagram goes to stdout behind its length; a line on stdin is answered by
// a length of -1 once the socket's queue is empty.
const RECEIVER = `use Socket; use Fcntl; $| = 1; binmode STDOUT;
socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die $!;
bind($s, sockaddr_un($ARGV[0])) or die $!;
fcntl($s, F_SETFL, O_NONBLOCK);
sub drain { while (defined recv($s, my $m, 65536, 0)) { print pack('l>', length $m), $m } }
for (;;) {
  my $r = ''; vec($r, fileno($s), 1) = 1; vec($r, 0, 1) = 1;
  select($r, undef, undef, undef);
  drain();
  if (vec($r, 0, 1)) { exit unless sysread(STDIN, my $c, 1); drain(); print pack('l>', -1) }
}`

/** A sink on a unix datagram socket at this path: HAProxy counts a line that finds its queue full in DroppedLogs. */
export async function unixSink(path: string): Promise<SyslogSink> {
  const log = new DatagramLog()
  const child = spawn('perl', ['-e', RECEIVER, path], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<void>((done) => child.once('close', () => done()))
  const drained: (() => void)[] = []
  let rest: Buffer = Buffer.alloc(0)
  child.stdout.on('data', (part: Buffer) => {
    rest = Buffer.concat([rest, part])
    while (rest.length >= 4) {
      const length = rest.readInt32BE()
      if (length < 0) drained.shift()?.()
      else if (rest.length < 4 + length) return
      else log.add(Buffer.from(rest.subarray(4, 4 + length)))
      rest = rest.subarray(4 + Math.max(0, length))
    }
  })
  await until('the unix sink', () => existsSync(path) || undefined)
  const drain = (): Promise<void> => {
    const done = new Promise<void>((empty) => drained.push(empty))
    child.stdin.write('.')
    return within(10_000, 'the unix sink', done)
  }
  await drain()
  return {
    target: path,
    datagrams: log.datagrams,
    first: (count, milliseconds) => log.first(count, milliseconds),
    holding: (text, milliseconds) => log.holding(text, milliseconds),
    drain,
    drops: () => 0,
    clear: () => log.clear(),
    stop: async () => {
      child.stdin.end()
      await ended
    },
  }
}
