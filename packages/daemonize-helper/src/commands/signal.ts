import { type CommandContext, InvalidArgumentError, UsageError } from '@nightshift/tooling/command-line'
import { readProcStat } from '../identity/index.ts'
import { signalProcess } from '../processes/index.ts'
import { daemonDocument } from '../report/daemon-document.ts'
import { EXIT } from '../report/exit-code.ts'
import { livingDaemon } from './known-daemon.ts'
import type { SignalOptions } from './look.options.ts'
import { namedFiles } from './name-operand.ts'
import { signalName } from './values.ts'

/** `daemonize-helper signal NAME SIG`: to the daemon alone, not to what it started. */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  options: SignalOptions,
): Promise<number> {
  const [, text = ''] = operands
  try {
    return await send(context, operands, options, signalName(text))
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error
    throw new UsageError(`'${text}' is no signal: ${error.message}`)
  }
}

/** Sends one signal, and says so. */
export async function send(
  { flags, out }: CommandContext,
  operands: readonly string[],
  { stateDir, dryRun }: SignalOptions,
  signal: NodeJS.Signals,
): Promise<number> {
  const files = namedFiles(operands, stateDir)
  const daemon = livingDaemon(files)
  const { pid, startTime } = daemon.identity
  const stat = readProcStat(pid)
  if (dryRun !== true && stat?.startTime === startTime) signalProcess(stat, signal)
  const sent = dryRun === true ? 'would be sent' : 'was sent'
  if (flags.json) await out.json({ ...daemonDocument(files.name, daemon), signal, dryRun: dryRun === true })
  else if (!flags.quiet) await out.line(`${files.name}: ${signal} ${sent} to pid ${pid}`)
  return EXIT.ok
}
