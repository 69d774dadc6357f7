import { defineCommand, defineTool } from '@nightshift/tooling/command-line'
import { addCheckOptions } from './commands/check.options.ts'
import { EXIT, EXIT_OF_ERROR } from './report/exit-code.ts'

declare const __VERSION__: string

const image = { name: 'IMG', kind: 'file', description: 'a QCOW2 image' } as const

const check = defineCommand({
  name: 'check',
  summary: 'Find what is wrong with an image, and say whether QEMU will open it',
  details:
    "As `qemu-img check`, with its exit codes and its counts, and with what it doesn't find: lost tables behind leaks, clusters with two owners, snapshots that are no more, and why QEMU refuses the image. Nothing that the image names (backing file, external data) is opened unless --chain or --data-file says so. With -r it repairs what is proven safe; the bytes before are kept in an undo file, and nothing is punched out of the file.",
  operands: [{ ...image, repeat: true }],
  options: addCheckOptions,
  examples: [
    { what: 'Will this volume attach?', command: 'qcow2-check volume.qcow2' },
    { what: 'For a script', command: 'qcow2-check --json volume.qcow2' },
  ],
  load: () => import('./commands/check.ts'),
})

export const tool = defineTool({
  name: 'qcow2-check',
  version: __VERSION__,
  summary: 'Check, repair and rescue QCOW2 images, reversibly',
  defaultCommand: 'check',
  commands: [check],
  usageExitCode: EXIT.usage,
  exitCodes: [
    [EXIT.consistent, 'the image is consistent'],
    [EXIT.notCompleted, 'not completed: it cannot be read, or something could not be written'],
    [EXIT.corrupt, 'the image is corrupt'],
    [EXIT.leaks, 'only leaks: space that nothing references'],
    [EXIT.inUse, 'the image is in use or locked, or locks cannot be seen (see --assume-offline)'],
    [EXIT.stale, 'the plan or undo file does not fit this image any more'],
    [EXIT.notQcow2, 'this is no QCOW2 image'],
    [EXIT.usage, 'wrong usage'],
    [130, 'stopped by SIGINT'],
    [143, 'stopped by SIGTERM'],
  ],
  examples: check.examples,
  homepage: 'https://github.com/nightshift-tools/nightshift/tree/main/packages/qcow2-check',
  bugs: 'https://github.com/nightshift-tools/nightshift/issues',
  exitCodeOf: (code) => (EXIT_OF_ERROR as Readonly<Record<string, number | undefined>>)[code],
})
