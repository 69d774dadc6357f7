import type { CommandContext } from '@nightshift/tooling/command-line'
import { daemonDocument } from '../report/daemon-document.ts'
import { daemonText } from '../report/daemon-text.ts'
import { EXIT } from '../report/exit-code.ts'
import { findDaemon, NameFiles, namesIn } from '../state/index.ts'
import type { LookOptions } from './look.options.ts'
import { stateFolderOf } from './name-operand.ts'

/** `daemonize-helper list`: every daemon on record, dead ones too. */
export async function run(
  { flags, out }: CommandContext,
  _operands: readonly string[],
  { stateDir }: LookOptions,
): Promise<number> {
  const folder = stateFolderOf(stateDir)
  const daemons = namesIn(folder)
    .map((name) => ({ name, daemon: findDaemon(new NameFiles(folder, name)) }))
    .filter(({ daemon }) => daemon !== undefined)
  if (flags.json) {
    await out.json({ daemons: daemons.map(({ name, daemon }) => daemonDocument(name, daemon)) })
  } else {
    for (const { name, daemon } of daemons) await out.line(daemonText(name, daemon))
  }
  return EXIT.ok
}
