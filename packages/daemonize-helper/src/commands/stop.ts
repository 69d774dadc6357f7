import { existsSync } from 'node:fs'
import type { CommandContext } from '@nightshift/tooling/command-line'
import { daemonDocument } from '../report/daemon-document.ts'
import { daemonText } from '../report/daemon-text.ts'
import { EXIT } from '../report/exit-code.ts'
import { findDaemon } from '../state/index.ts'
import { stop } from '../stop/index.ts'
import type { StopOptions } from './look.options.ts'
import { namedFiles } from './name-operand.ts'

/** `daemonize-helper stop NAME`: 0 also where nothing runs. */
export async function run(
  { flags, out }: CommandContext,
  operands: readonly string[],
  { stateDir, stopSignal, stopTimeout, dryRun }: StopOptions,
): Promise<number> {
  const files = namedFiles(operands, stateDir)
  const { name } = files
  const there = existsSync(files.folder)
  if (dryRun === true) {
    const daemon = there ? findDaemon(files) : undefined
    if (flags.json) await out.json({ ...daemonDocument(name, daemon), dryRun: true })
    else
      await out.line(`${daemonText(name, daemon)}${daemon?.liveness === 'alive' ? ': would be ended' : ''}`)
    return EXIT.ok
  }
  const { already, daemon } = there
    ? await stop(files, {
        ...(stopSignal !== undefined && { signal: stopSignal }),
        ...(stopTimeout !== undefined && { timeoutMs: stopTimeout }),
      })
    : { already: true, daemon: undefined }
  if (flags.json) await out.json({ ...daemonDocument(name, daemon), state: 'stopped', already })
  else if (!flags.quiet) await out.line(`${name}: ${already ? 'was not running' : 'stopped'}`)
  return EXIT.ok
}
