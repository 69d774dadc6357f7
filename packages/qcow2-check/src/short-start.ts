import type { ShortStart, ToolIdentity } from '@nightshift/tooling/command-line'
import { readLocksAhead } from './commands/locks-ahead.ts'
import { EXIT, EXIT_OF_ERROR } from './report/exit-code.ts'

declare const __VERSION__: string

export const identity = {
  name: 'qcow2-check',
  version: __VERSION__,
  bugs: 'https://github.com/nightshift-tools/nightshift/issues',
  usageExitCode: EXIT.usage,
  exitCodeOf: (code) => (EXIT_OF_ERROR as Readonly<Record<string, number | undefined>>)[code],
} as const satisfies ToolIdentity

export const check = {
  name: 'check',
  load: () => {
    readLocksAhead()
    return import('./commands/check.ts')
  },
} as const

/** `qcow2-check IMG...`, with all other commands and every option left aside: see cli.ts for those. */
export const start = {
  tool: identity,
  command: check,
  words: ['check', 'info', 'plan', 'repair', 'undo', 'rescue', 'map', 'scan', 'reclaim', 'help'],
  options: {},
  load: () => import('./cli.ts'),
} satisfies ShortStart
