import type { CommandContext } from '@nightshift/tooling/command-line'
import { DaemonError } from '../errors.ts'
import { closeInherited, start } from '../launch/index.ts'
import { planStart } from '../plan/index.ts'
import { daemonDocument } from '../report/daemon-document.ts'
import { daemonText } from '../report/daemon-text.ts'
import { EXIT } from '../report/exit-code.ts'
import type { StartOptions } from './start.options.ts'
import { startRequest } from './start-request.ts'

/** As much of a log as fits on a screen with what is said about it. */
const TAIL_LINES = 10

/** `daemonize-helper start [options] -- CMD ARGS...` */
export async function run(
  context: CommandContext,
  _operands: readonly string[],
  options: StartOptions,
): Promise<number> {
  closeInherited(options.keepFd ?? [])
  const plan = planStart(startRequest(context, options))
  const { flags, out } = context
  const { name } = plan.beginning
  if (options.dryRun === true) {
    if (flags.json) await out.json({ dryRun: true, ...plan })
    else await out.line(`${name}: would start ${plan.program}, on record in ${plan.stateFolder}`)
    return EXIT.ok
  }
  const { already, daemon } = await start(plan, context.signal).catch((error: unknown) => {
    if (error instanceof DaemonError && error.logTail) showTail(context, error.logTail)
    throw error
  })
  if (already && options.failIfRunning === true) {
    throw new DaemonError('NAME_IN_USE', `${name}: runs already, pid ${daemon.identity.pid}`, { exitCode: 1 })
  }
  if (flags.json) await out.json({ ...daemonDocument(name, daemon), already })
  else if (!flags.quiet) await out.line(`${daemonText(name, daemon)}${already ? ' (already)' : ''}`)
  return EXIT.ok
}

/** What the command said before it ended, marked as its words. */
function showTail({ log }: CommandContext, tail: string): void {
  for (const line of tail.trimEnd().split('\n').slice(-TAIL_LINES)) log.info(`| ${line}`)
}
