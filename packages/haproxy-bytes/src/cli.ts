import { defineCommand, defineTool } from '@nightshift/tooling/command-line'
import { addAdviseOptions } from './commands/advise.options.ts'
import { addChartOptions } from './commands/chart.options.ts'
import { addExplainOptions } from './commands/explain.options.ts'
import { addLostOptions } from './commands/lost.options.ts'
import { addMergeOptions } from './commands/merge.options.ts'
import { addParseOptions } from './commands/parse.options.ts'
import { addReconcileOptions } from './commands/reconcile.options.ts'
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
      command: 'haproxy-bytes haproxy.log.1.gz --by client/24,hour --since 2026-11-21T09:00',
    },
  ],
  load: () => import('./commands/total.ts'),
})

const merge = defineCommand({
  name: 'merge',
  summary: 'Put partial results together',
  details:
    'Of `total --partial`, from any number of hosts, shards and runs, in any order. A log counts once: by what is in it, not by its name, so one that was found again rotated, compressed or grown does no harm. Partial results that overlap in part, or were made with other keys, formats or spans of time, are refused.',
  operands: [
    {
      name: 'PARTIAL',
      kind: 'file',
      repeat: true,
      description: 'what `total --partial` printed; - is standard input',
    },
  ],
  options: addMergeOptions,
  examples: [
    { what: 'Two load balancers', command: 'haproxy-bytes merge lb1.partial lb2.partial' },
    {
      what: 'Read where the logs lie, send kilobytes',
      command: 'ssh lb1 haproxy-bytes --partial haproxy.log | haproxy-bytes merge - lb2',
    },
  ],
  load: () => import('./commands/merge.ts'),
})

const explain = defineCommand({
  name: 'explain',
  summary: 'Say how far logged bytes are from the wire, and why',
  details:
    'A waterfall for each frontend: from what the log counts over headers as they are written, headers that rules add and delete, cookies, compression, chunk framing and replies of HAProxy itself to bytes on the wire, and by an estimate to those of TLS. Each step is exact, bounded, estimated or unknown: exact where lines have the fields that advise prints, else bounded by the configuration. Compression is taken from the counters of two snapshots, and never guessed.',
  operands: [logs],
  options: addExplainOptions,
  examples: [
    {
      what: 'Why a bill and a meter differ',
      command: 'haproxy-bytes explain haproxy.log --config /etc/haproxy/haproxy.cfg',
    },
  ],
  load: () => import('./commands/explain.ts'),
})

const parse = defineCommand({
  name: 'parse',
  summary: 'Show the transfers themselves',
  details:
    'Every transfer of the logs, or of a span of time, with the fields that its format has: by their names in the log-format, without the sign. With --raw the lines are given as they are, byte for byte, without those that tell of no transfer.',
  operands: [logs],
  options: addParseOptions,
  examples: [
    {
      what: 'The minutes of a spike, as they were logged',
      command: 'haproxy-bytes parse haproxy.log --since now-10m --until now-5m --raw',
    },
    {
      what: 'What one server answered with 503, for jq',
      command: 'haproxy-bytes parse haproxy.log --where server=s1 --where status=503 --ndjson',
    },
  ],
  whenOutputCloses: 'stop',
  load: () => import('./commands/parse.ts'),
})

const reconcile = defineCommand({
  name: 'reconcile',
  summary: 'Hold logs against counters, and what clients received',
  details:
    'The tally test of a bill. The sum of a log is held against what HAProxy counted, to the byte and per proxy; a gap is shared out among what can have made it: lines lost, transfers logged too early, answers that are never logged, what was under way. With --wire it is also held against bytes that clients measured, by the model of this version: headers added, cookies, compression, chunk framing.',
  operands: [logs],
  options: addReconcileOptions,
  examples: [
    {
      what: 'A test of CI',
      command: 'haproxy-bytes reconcile haproxy.log --before a --after b --junit tally.xml',
    },
    {
      what: 'All since HAProxy was started',
      command: "haproxy-bytes reconcile 'haproxy.log*' --socket /run/haproxy/admin.sock",
    },
  ],
  load: () => import('./commands/reconcile.ts'),
})

const lost = defineCommand({
  name: 'lost',
  summary: 'Tell which log lines never arrived',
  details:
    'A ledger of lost lines and of what they held, each line once, whoever tells of it: numbers of %lc that no line has, reports of rsyslog, journald and syslog-ng in the logs or beside them, what HAProxy could not send, requests that counters have and lines have not. Where only a number of lines is known, their bytes are estimated by the lines around, with bounds that hold in 95 of 100 such losses. Without any evidence there is no figure: nothing then excludes that lines were lost.',
  operands: [logs],
  options: addLostOptions,
  examples: [
    {
      what: 'With what rsyslog itself said, and counters from before and after',
      command: 'haproxy-bytes lost haproxy.log --syslog syslog --before a --after b',
    },
    {
      what: 'With what journald dropped',
      command: 'haproxy-bytes lost haproxy.log --journal journal.export',
    },
  ],
  load: () => import('./commands/lost.ts'),
})

const chart = defineCommand({
  name: 'chart',
  summary: 'Draw the gap over time, or the way to the wire',
  details:
    'A picture as an SVG, or as a page with exact figures in tables, which loads nothing and runs nothing but its own script. The gap: per interval what was logged, what the wire carried by the model, with its bounds, what HAProxy counted from one snapshot to the next, and where lines were lost. The waterfall: from logged bytes to the wire by the steps of explain. Times are in UTC.',
  operands: [logs],
  options: addChartOptions,
  examples: [
    {
      what: 'A day, with the counters that snapshot kept',
      command: 'haproxy-bytes chart haproxy.log --before kept --after kept -o gap.html',
    },
    {
      what: 'Why a bill and a meter differ, to be shown around',
      command: 'haproxy-bytes chart haproxy.log --config haproxy.cfg --kind waterfall -o w.svg',
    },
  ],
  load: () => import('./commands/chart.ts'),
})

const advise = defineCommand({
  name: 'advise',
  summary: 'Tell what to write into haproxy.cfg, rsyslog and logrotate',
  details:
    'Prints complete sections that can replace those of the configuration, with which bytes on the wire follow from each line and lost lines show: a log-format with %lc and the lengths of headers, the rules that measure them, a length of log lines that cuts none. And each trap that it finds: options that log too early or too little, limits that drop lines, rotations that lose them. Nothing is changed.',
  operands: [{ name: 'CONFIG', kind: 'file', description: 'a haproxy.cfg' }],
  options: addAdviseOptions,
  examples: [
    {
      what: 'All on the way of a line',
      command: 'haproxy-bytes advise haproxy.cfg --rsyslog /etc --logrotate /etc/logrotate.d',
    },
  ],
  load: () => import('./commands/advise.ts'),
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
      command: 'haproxy-bytes snapshot --socket admin.sock --every 60s -o counters',
    },
  ],
  load: () => import('./commands/snapshot.ts'),
})

export const tool = defineTool({
  name: 'haproxy-bytes',
  version: __VERSION__,
  summary: 'Bytes from HAProxy logs, and how far they are from the wire',
  defaultCommand: 'total',
  commands: [total, parse, explain, reconcile, lost, chart, advise, merge, snapshot],
  usageExitCode: EXIT.usage,
  exitCodes: [
    [EXIT.ok, 'done'],
    [EXIT.gap, 'reconcile: a gap above --tolerance'],
    [EXIT.usage, 'wrong usage'],
    [EXIT.unparsed, 'lines that are cut off or cannot be read, more than --max-bad'],
    [EXIT.loss, 'reconcile, lost: lines were lost'],
    [EXIT.incomparable, 'counters that cannot be held against the log'],
    [EXIT.inputOutput, 'something cannot be read or written'],
    [130, 'stopped by SIGINT'],
    [143, 'stopped by SIGTERM'],
  ],
  examples: total.examples,
  homepage: 'https://www.npmjs.com/package/haproxy-bytes',
  bugs: 'https://github.com/nightshift-tools/nightshift/issues',
  exitCodeOf: (code) => (EXIT_OF_ERROR as Readonly<Record<string, number | undefined>>)[code],
})
