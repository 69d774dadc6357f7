import type { CommandContext } from '@nightshift/tooling/command-line'
import { closeInherited, start } from '../launch/index.ts'
import { planStart } from '../plan/index.ts'
import { daemonDocument } from '../report/daemon-document.ts'
import { daemonText } from '../report/daemon-text.ts'
import { EXIT } from '../report/exit-code.ts'
import { findDaemon } from '../state/index.ts'
import { stop } from '../stop/index.ts'
import { noSuchName } from './known-daemon.ts'
import type { RestartOptions } from './look.options.ts'
import { namedFiles } from './name-operand.ts'

/** `daemonize-helper restart NAME`: as it was started, with the variables of whoever restarts it. */
export async function run(
  { flags, out, env, signal }: CommandContext,
  operands: readonly string[],
  { stateDir, dryRun }: RestartOptions,
): Promise<number> {
  closeInherited([])
  const files = namedFiles(operands, stateDir)
  const { name, folder: stateFolder } = files
  const daemon = findDaemon(files)
  if (daemon === undefined) throw noSuchName(name)
  const { nonce: _, ...asked } = daemon.beginning
  // Before anything is stopped: what can't be started again had better run on.
  const plan = planStart({ ...asked, stateFolder, inherited: env, truncateLogs: false, keepFds: [] })
  if (dryRun === true) {
    if (flags.json) await out.json({ dryRun: true, ...plan })
    else await out.line(`${name}: would be ended, and ${plan.program} started`)
    return EXIT.ok
  }
  await stop(files)
  const started = await start(plan, signal)
  if (flags.json) await out.json(daemonDocument(name, started.daemon))
  else if (!flags.quiet) await out.line(daemonText(name, started.daemon))
  return EXIT.ok
}
