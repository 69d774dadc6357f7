import { type BareCommand, defineCommand, defineTool } from '../../../src/command-line/index.ts'
import { addFailOptions, addInfoOptions, addMergeOptions, addStreamOptions } from './options.ts'

/** A tool with a default command, in the shape of rrd-merge. */
export const sampleTool = defineTool({
  name: 'sample-tool',
  version: '1.2.3',
  summary: 'fills the holes of NEW from OLD',
  defaultCommand: 'merge',
  homepage: 'https://example.org/sample-tool',
  bugs: 'https://example.org/sample-tool/issues',
  exitCodes: [
    [0, 'done, or nothing to do'],
    [1, 'some files failed, the rest done'],
    [2, 'the command line is wrong'],
    [5, 'could not write'],
  ],
  examples: [{ what: 'Fill the holes of a file', command: 'sample-tool old.rrd new.rrd' }],
  environment: [{ name: 'SAMPLE_ADDRESS', meaning: 'address of the daemon; --daemon wins' }],
  exitCodeOf: (code) => (code === 'OUTPUT' || code === 'ENOSPC' ? 5 : undefined),
  commands: [
    defineCommand({
      name: 'merge',
      summary: 'fill the holes of NEW from OLD',
      operands: [
        { name: 'OLD', kind: 'path', repeat: true, description: 'where the values come from; never written' },
        { name: 'NEW', kind: 'path' },
      ],
      options: addMergeOptions,
      examples: [{ what: 'See what would be done', command: "sample-tool -n 'o l d.rrd' new.rrd" }],
      load: () => import('./commands/merge.ts'),
    }),
    defineCommand({
      name: 'info',
      summary: 'show what is in a file',
      operands: [{ name: 'FILE', kind: 'file', repeat: true }],
      options: addInfoOptions,
      examples: [],
      exitCodes: [
        [0, 'shown'],
        [1, 'a file is broken'],
      ],
      load: () => import('./commands/info.ts'),
    }),
    defineCommand({
      name: 'stream',
      summary: 'print many lines',
      operands: [{ name: 'COUNT', kind: 'text' }],
      options: addStreamOptions,
      examples: [],
      whenOutputCloses: 'stop',
      load: () => import('./commands/stream.ts'),
    }),
    defineCommand({
      name: 'fail',
      summary: 'fail in a chosen way',
      operands: [{ name: 'HOW', kind: ['plain', 'own', 'system', 'structural', 'abort', 'slow', 'late'] }],
      options: addFailOptions,
      examples: [],
      load: () => import('./commands/fail.ts'),
    }),
    defineCommand({
      name: 'work',
      summary: 'take its time',
      operands: [{ name: 'MILLISECONDS', kind: 'text' }],
      options: (command: BareCommand) => command,
      examples: [],
      load: () => import('./commands/work.ts'),
    }),
  ],
})
