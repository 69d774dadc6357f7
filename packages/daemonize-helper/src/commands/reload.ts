import type { CommandContext } from '@nightshift/tooling/command-line'
import type { SignalOptions } from './look.options.ts'
import { send } from './signal.ts'

/** `daemonize-helper reload NAME`: SIGHUP, by which daemons read their configuration again. */
export async function run(
  context: CommandContext,
  operands: readonly string[],
  options: SignalOptions,
): Promise<number> {
  return await send(context, operands, options, 'SIGHUP')
}
