import { setTimeout as pause } from 'node:timers/promises'
import type { CommandContext } from '@nightshift/tooling/command-line'
import { liveness } from '../identity/index.ts'
import { daemonDocument } from '../report/daemon-document.ts'
import { EXIT } from '../report/exit-code.ts'
import { findDaemon } from '../state/index.ts'
import { noSuchName } from './known-daemon.ts'
import type { WaitOptions } from './look.options.ts'
import { namedFiles } from './name-operand.ts'

const LOOK_MS = 100

/** `daemonize-helper wait NAME`: until it has ended. Its exit code is not known: it is nobody's child. */
export async function run(
  { flags, out, signal }: CommandContext,
  operands: readonly string[],
  { stateDir, timeout }: WaitOptions,
): Promise<number> {
  const files = namedFiles(operands, stateDir)
  const daemon = findDaemon(files)
  if (daemon === undefined) throw noSuchName(files.name)
  const end = timeout === undefined ? Number.POSITIVE_INFINITY : Date.now() + timeout
  while (liveness(daemon.identity) === 'alive' && Date.now() < end) {
    await pause(Math.max(1, Math.min(LOOK_MS, end - Date.now())), undefined, { signal })
  }
  const over = liveness(daemon.identity) !== 'alive'
  const state = over ? 'dead' : 'running'
  if (flags.json) await out.json({ ...daemonDocument(files.name, daemon), state })
  else if (!flags.quiet) await out.line(`${files.name}: ${over ? 'has ended' : 'still runs'}`)
  return over ? EXIT.ok : EXIT.failed
}
