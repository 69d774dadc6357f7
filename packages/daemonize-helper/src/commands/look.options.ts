import { type BareCommand, duration, Option, type OptionsOf } from '@nightshift/tooling/command-line'
import { addStateDir } from './start.options.ts'
import { signalName } from './values.ts'

export const addLookOptions = (command: BareCommand) => addStateDir(command)

export const addStopOptions = (command: BareCommand) =>
  addStateDir(command)
    .addOption(
      new Option('--stop-signal <signal>', 'how to ask it to end (default: as started)').argParser(
        signalName,
      ),
    )
    .addOption(
      new Option(
        '--stop-timeout <duration>',
        'how long it gets before SIGKILL (default: as started)',
      ).argParser(duration({ in: 'ms' })),
    )
    .option('-n, --dry-run', 'say what would be ended, end nothing')

export type LookOptions = OptionsOf<typeof addLookOptions>
export type StopOptions = OptionsOf<typeof addStopOptions>
