import { defineCommand, defineTool } from '@nightshift/tooling/command-line'
import { addSnapshotOptions } from './commands/snapshot.options.ts'
import { addTotalOptions } from './commands/total.options.ts'
import { EXIT, EXIT_OF_ERROR } from './report/exit-code.ts'

declare const __VERSION__: string

const logs = {
  name: 'LOG',
  kind: 'file',
  repeat: true,
  description: 'a log, plain, gzip or zstd; - is standard input',
} as const

const total = defineCommand({
  name: 'total',
  summary: 'Add up requests and bytes',
  details:
    'Reads logs of any log-format, whatever syslog put before their lines, and adds up what HAProxy counted. Lines that are cut off, and lines that nobody can read, are counted and end the run with 3: a bill without them would be wrong.',
  operands: [logs],
  options: addTotalOptions,
  examples: [
    { what: 'What went through each frontend', command: 'haproxy-bytes haproxy.log --by frontend' },
    {
      what: 'One customer network by the hour',
      command: 'haproxy-bytes haproxy.log.1.gz --by client/24,hour --since 2026-11-01 --until 2026-12-01',
    },
  ],
  load: () => import('./commands/total.ts'),
})

const snapshot = defineCommand({
  name: 'snapshot',
  summary: 'Keep what a running HAProxy has counted',
  details:
    'Asks a stats socket for the counters of frontends and backends, and for the process they are of, and appends them to a file as one line. Lines are whole whenever the run ends; what a kill left unfinished is taken away by the next run. Two snapshots around a log are what reconcile, explain and lost hold it against.',
  operands: [],
  options: addSnapshotOptions,
  examples: [
    {
      what: 'Every minute, from a unit of systemd',
      command:
        'haproxy-bytes snapshot --socket /run/haproxy/admin.sock --every 60s -o /var/log/haproxy.counters',
    },
  ],
  load: () => import('./commands/snapshot.ts'),
})

export const tool = defineTool({
  name: 'haproxy-bytes',
  version: __VERSION__,
  summary: 'Bytes from HAProxy logs, and how far they are from the wire',
  defaultCommand: 'total',
  commands: [total, snapshot],
  usageExitCode: EXIT.usage,
  exitCodes: [
    [EXIT.ok, 'done'],
    [EXIT.usage, 'wrong usage'],
    [EXIT.unparsed, 'lines that are cut off or cannot be read, more than --max-bad'],
    [EXIT.inputOutput, 'something cannot be read or written'],
    [130, 'stopped by SIGINT'],
    [143, 'stopped by SIGTERM'],
  ],
  examples: total.examples,
  homepage: 'https://github.com/nightshift-tools/nightshift/tree/main/packages/haproxy-bytes',
  bugs: 'https://github.com/nightshift-tools/nightshift/issues',
  exitCodeOf: (code) => (EXIT_OF_ERROR as Readonly<Record<string, number | undefined>>)[code],
})
