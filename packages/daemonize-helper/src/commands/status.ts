import { existsSync } from 'node:fs'
import type { CommandContext } from '@nightshift/tooling/command-line'
import { daemonDocument, stateOf } from '../report/daemon-document.ts'
import { daemonText } from '../report/daemon-text.ts'
import { STATUS_EXIT } from '../report/exit-code.ts'
import { findDaemon } from '../state/index.ts'
import type { LookOptions } from './look.options.ts'
import { namedFiles } from './name-operand.ts'

/** `daemonize-helper status NAME`: the exit codes of the LSB. */
export async function run(
  { flags, out }: CommandContext,
  operands: readonly string[],
  { stateDir }: LookOptions,
): Promise<number> {
  const files = namedFiles(operands, stateDir)
  const daemon = existsSync(files.folder) ? findDaemon(files) : undefined
  if (flags.json) await out.json(daemonDocument(files.name, daemon))
  else if (!flags.quiet) await out.line(daemonText(files.name, daemon))
  const codes = {
    running: STATUS_EXIT.running,
    starting: STATUS_EXIT.running,
    dead: daemon?.record === undefined ? STATUS_EXIT.deadWithLock : STATUS_EXIT.deadWithRecord,
    stopped: STATUS_EXIT.notRunning,
    unknown: STATUS_EXIT.unknown,
  }
  return codes[stateOf(daemon)]
}
