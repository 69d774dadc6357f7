import { type CommandContext, UsageError } from '@nightshift/tooling/command-line'
import { planStart, type StartPlan } from '../plan/index.ts'
import { EXIT } from '../report/exit-code.ts'
import { findDaemon } from '../state/index.ts'
import { unitText } from '../systemd/index.ts'
import { noSuchName } from './known-daemon.ts'
import { namedFiles } from './name-operand.ts'
import type { StartOptions } from './start.options.ts'
import { startRequest } from './start-request.ts'

/** `daemonize-helper export systemd NAME`, or `export systemd [options] -- CMD ARGS...` */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  options: StartOptions,
): Promise<number> {
  const { flags, out } = context
  const [kind, ...names] = operands
  if (kind !== 'systemd') throw new UsageError(`'${kind}' is nothing to export to`, { remedy: 'say systemd' })
  const plan = planOf(context, names, options)
  const unit = unitText(plan, process.geteuid?.() === 0 ? 'system' : 'user')
  const { name } = plan.beginning
  if (flags.json) await out.json({ name, unit: `${name}.service`, text: unit })
  else await out.write(unit)
  return EXIT.ok
}

function planOf(context: CommandContext, names: readonly string[], options: StartOptions): StartPlan {
  const [name] = names
  if ((name === undefined) === (context.program === undefined)) {
    throw new UsageError('give the name of a daemon, or a command after `--`')
  }
  if (name === undefined) return planStart(startRequest(context, options))
  const files = namedFiles(names, options.stateDir)
  const daemon = findDaemon(files)
  if (daemon === undefined) throw noSuchName(name)
  const { nonce: _, ...asked } = daemon.beginning
  return planStart({
    ...asked,
    stateFolder: files.folder,
    inherited: context.env,
    truncateLogs: false,
    keepFds: [],
  })
}
