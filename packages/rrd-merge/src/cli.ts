import { defineCommand, defineTool } from '@nightshift/tooling/command-line'
import { addConvertOptions, addDumpOptions, addRestoreOptions } from './commands/convert.options.ts'
import { addMergeOptions } from './commands/merge.options.ts'
import { addCheckOptions, addCoverageOptions, addNoOptions } from './commands/read-only.options.ts'
import { EXIT, EXIT_OF_ERROR } from './report/exit-code.ts'

declare const __VERSION__: string

const files = {
  name: 'FILE|DIR',
  kind: 'path',
  repeat: true,
  description: 'an RRD, or a folder whose *.rrd are meant',
} as const
/** Of commands that look at one file after the other. */
const lookingCodes = [
  [EXIT.done, 'done'],
  [EXIT.someFailed, 'a file cannot be read, or is no sound RRD'],
  [EXIT.usage, 'wrong usage, or a path that does not exist'],
] as const
/** Of commands that write a file. */
const writingCodes = [...lookingCodes, [EXIT.notWritten, 'could not write']] as const
const input = {
  name: 'IN',
  kind: 'file',
  description: 'an RRD, an XML dump, or either of them in gzip',
} as const

const merge = defineCommand({
  name: 'merge',
  summary: 'Fill the unknown cells of NEW with what OLD knows',
  details:
    "Cell by cell: an unknown value of NEW takes OLD's known value of the same row time, consolidation function, span and data source name. Everything else in NEW stays as it is, bit for bit. NEW is replaced atomically; OLD is never written. Of several OLDs the first listed that knows a cell wins. Folders are paired by relative path; what only OLD has is copied. A second run finds nothing to do and writes nothing. An OLD that is newer than NEW is refused with `swapped?`: the operands are most likely the wrong way round.",
  operands: [
    { name: 'OLD', kind: 'path', repeat: true, description: 'what is filled from: files, or folders' },
    { name: 'NEW', kind: 'path', description: 'what is filled, and replaced' },
  ],
  options: addMergeOptions,
  examples: [
    {
      what: 'Fill the new file from the one of the backup',
      command: 'rrd-merge backup/load.rrd /var/lib/rrd/load.rrd',
    },
    {
      what: 'See first what would be done to a whole tree',
      command: 'rrd-merge -n backup/perfdata /var/lib/pnp4nagios/perfdata',
    },
    { what: 'Leave NEW alone and write elsewhere', command: 'rrd-merge old.rrd new.rrd -o merged.rrd' },
  ],
  load: () => import('./commands/merge.ts'),
})

const info = defineCommand({
  name: 'info',
  summary: 'Show what an RRD keeps and how it lies on the disk',
  operands: [{ ...input, name: 'FILE', repeat: true }],
  options: addNoOptions,
  examples: [
    { what: 'A file of a machine with another processor', command: 'rrd-merge info from-sparc.rrd' },
  ],
  exitCodes: lookingCodes,
  load: () => import('./commands/info.ts'),
})

const coverage = defineCommand({
  name: 'coverage',
  summary: 'Show what is known and where the holes are',
  operands: [files],
  options: addCoverageOptions,
  examples: [
    { what: 'The strips of one file', command: 'rrd-merge coverage load.rrd' },
    { what: 'A page of a whole tree', command: 'rrd-merge coverage /var/lib/rrd --html coverage.html' },
  ],
  exitCodes: [
    ...lookingCodes,
    [EXIT.nothingMatched, 'there is no RRD'],
    [EXIT.notWritten, 'could not write'],
  ],
  load: () => import('./commands/coverage.ts'),
})

const diff = defineCommand({
  name: 'diff',
  summary: 'Compare what two RRDs know',
  operands: [
    { name: 'A', kind: 'file' },
    { name: 'B', kind: 'file' },
  ],
  options: addNoOptions,
  examples: [{ what: 'Is the copy the same?', command: 'rrd-merge diff load.rrd copy.rrd' }],
  exitCodes: [
    [EXIT.done, 'both know the same'],
    [EXIT.someFailed, 'they differ, or one cannot be read'],
    [EXIT.usage, 'wrong usage, or a path that does not exist'],
  ],
  load: () => import('./commands/diff.ts'),
})

const convert = defineCommand({
  name: 'convert',
  summary: 'Write an RRD for another architecture, or as XML',
  operands: [input],
  options: addConvertOptions,
  examples: [
    {
      what: 'Bring a file of a Raspberry Pi to a PC',
      command: 'rrd-merge convert pi.rrd -o pc.rrd --arch le64',
    },
  ],
  exitCodes: writingCodes,
  load: () => import('./commands/convert.ts'),
})

const check = defineCommand({
  name: 'check',
  summary: 'Find broken RRDs',
  operands: [files],
  options: addCheckOptions,
  examples: [{ what: 'A whole tree, before it is merged', command: 'rrd-merge check backup/perfdata' }],
  exitCodes: [
    [EXIT.done, 'all are sound'],
    [EXIT.someFailed, 'a file is broken'],
    [EXIT.usage, 'wrong usage, or a path that does not exist'],
    [EXIT.nothingMatched, 'there is no RRD'],
  ],
  load: () => import('./commands/check.ts'),
})

const dump = defineCommand({
  name: 'dump',
  summary: 'Print an RRD of any architecture as XML',
  operands: [input],
  options: addDumpOptions,
  examples: [{ what: 'As rrdtool prints it', command: 'rrd-merge dump load.rrd --precision rrdtool' }],
  exitCodes: writingCodes,
  whenOutputCloses: 'stop',
  load: () => import('./commands/dump.ts'),
})

const restore = defineCommand({
  name: 'restore',
  summary: 'Make an RRD from an XML dump',
  operands: [input],
  options: addRestoreOptions,
  examples: [{ what: 'From a compressed dump', command: 'rrd-merge restore load.xml.gz -o load.rrd' }],
  exitCodes: writingCodes,
  load: () => import('./commands/restore.ts'),
})

export const tool = defineTool({
  name: 'rrd-merge',
  version: __VERSION__,
  summary: 'Fill the holes of a new RRD from an old one, cell by cell',
  defaultCommand: 'merge',
  commands: [merge, info, coverage, diff, convert, check, dump, restore],
  exitCodes: [
    [EXIT.done, 'done, or nothing to do'],
    [EXIT.someFailed, 'some files failed, the rest is done; a pair was refused'],
    [EXIT.usage, 'wrong usage, or a path that does not exist'],
    [EXIT.nothingMatched, 'nothing matched'],
    [EXIT.lateWriter, 'a writer got in between'],
    [EXIT.notWritten, 'could not write'],
    [130, 'stopped by SIGINT'],
    [143, 'stopped by SIGTERM'],
  ],
  examples: merge.examples,
  environment: [{ name: 'RRDCACHED_ADDRESS', meaning: 'address of rrdcached, as --daemon of merge' }],
  homepage: 'https://github.com/nightshift-tools/nightshift/tree/main/packages/rrd-merge',
  bugs: 'https://github.com/nightshift-tools/nightshift/issues',
  exitCodeOf: (code) => EXIT_OF_ERROR[code],
})
