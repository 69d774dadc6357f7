import { type BareCommand, duration, integer, Option, type OptionsOf } from '@nightshift/tooling/command-line'
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

export const addSignalOptions = (command: BareCommand) =>
  addStateDir(command).option('-n, --dry-run', 'say what would be sent, send nothing')

export const addRestartOptions = (command: BareCommand) =>
  addStateDir(command).option('-n, --dry-run', 'say what would be done, do nothing')

export const addWaitOptions = (command: BareCommand) =>
  addStateDir(command).addOption(
    new Option('--timeout <duration>', 'wait no longer (default: for ever)').argParser(
      duration({ in: 'ms' }),
    ),
  )

export const addLogsOptions = (command: BareCommand) =>
  addStateDir(command)
    .option('-f, --follow', 'go on with what comes, until it has ended')
    .addOption(
      new Option('--lines <n>', 'begin with so many of the last lines')
        .argParser(integer({ min: 0 }))
        .default(10),
    )

export type LogsOptions = OptionsOf<typeof addLogsOptions>
export type SignalOptions = OptionsOf<typeof addSignalOptions>
export type RestartOptions = OptionsOf<typeof addRestartOptions>
export type WaitOptions = OptionsOf<typeof addWaitOptions>
export type LookOptions = OptionsOf<typeof addLookOptions>
export type StopOptions = OptionsOf<typeof addStopOptions>
