import {
  type BareCommand,
  collect,
  duration,
  folder,
  InvalidArgumentError,
  integer,
  Option,
  type OptionsOf,
  pair,
} from '@nightshift/tooling/command-line'
import { parseReadyCheck, type ReadyCheck } from '../ready/index.ts'
import { daemonName, signalName } from './values.ts'

export const addStateDir = <C extends BareCommand>(command: C) =>
  command.addOption(
    new Option(
      '--state-dir <folder>',
      'where daemons are on record (default: by user, see the README)',
    ).argParser(folder),
  )

export const addStartOptions = (command: BareCommand) =>
  addStateDir(command)
    .addOption(
      new Option('--name <name>', "what it is called (default: the command's base name)").argParser(
        daemonName,
      ),
    )
    .addOption(new Option('--pidfile <file>', 'also write its pid to this file'))
    .addOption(new Option('--cwd <folder>', 'its folder').default('/'))
    .addOption(
      new Option('--umask <mode>', 'permission bits its files do not get')
        .argParser(octal)
        .default(0o022, '022'),
    )
    .addOption(new Option('--env <name=value>', 'a variable of its environment').argParser(collect(pair)))
    .option('--env-clear', 'give it no variables of yours but PATH, HOME, USER, LOGNAME, SHELL, LANG and TZ')
    .addOption(new Option('--stdout <file>', 'where its output goes (default: nowhere)'))
    .addOption(new Option('--stderr <file>', 'where its error output goes (default: nowhere)'))
    .option('--truncate', 'empty these files first')
    .addOption(
      new Option('--settle <duration>', 'how long it must have run to count as started')
        .argParser(duration({ in: 'ms' }))
        .default(200, '200ms'),
    )
    .addOption(
      new Option(
        '--ready <how>',
        'how it shows that it is ready: fd, fd:N, port:[HOST:]P, unix:PATH, log:REGEX, file:PATH',
      )
        .argParser(readyCheck)
        .default(NONE, 'none'),
    )
    .addOption(
      new Option('--ready-timeout <duration>', 'how long that may take')
        .argParser(duration({ in: 'ms' }))
        .default(10_000, '10s'),
    )
    .addOption(
      new Option('--stop-signal <signal>', 'how stop asks it to end')
        .argParser(signalName)
        .default('SIGTERM'),
    )
    .addOption(
      new Option('--stop-timeout <duration>', 'how long it gets before SIGKILL')
        .argParser(duration({ in: 'ms' }))
        .default(10_000, '10s'),
    )
    .addOption(
      new Option('--keep-fd <n>', 'a descriptor that it gets as it is').argParser(
        collect(integer({ min: 3, max: 1023 })),
      ),
    )
    .option('--fail-if-running', 'fail where it runs already')
    .option('-n, --dry-run', 'print what would be started, start nothing')

const NONE: ReadyCheck = { by: 'none' }

function readyCheck(text: string): ReadyCheck {
  const check = parseReadyCheck(text)
  if (check === undefined) {
    throw new InvalidArgumentError(
      'it must be none, fd, fd:N, port:[HOST:]P, unix:PATH, log:REGEX or file:PATH.',
    )
  }
  return check
}

function octal(text: string): number {
  if (!/^[0-7]{1,4}$/.test(text) || Number.parseInt(text, 8) > 0o777) {
    throw new InvalidArgumentError('it must be an octal number up to 777.')
  }
  return Number.parseInt(text, 8)
}

export type StartOptions = OptionsOf<typeof addStartOptions>
