import {
  type BareCommand,
  collect,
  file,
  integer,
  Option,
  type OptionsOf,
} from '@nightshift/tooling/command-line'
import { addLogOptions } from './log.options.ts'

export const addLostOptions = (command: BareCommand) =>
  addLogOptions(command)
    .optionsGroup('What else tells of lost lines:')
    .addOption(
      new Option(
        '--syslog <file>',
        'a file in which rsyslog, syslog-ng or the kernel write their own messages; may be given again',
      ).argParser(collect((path) => path)),
    )
    .option('--journal <file>', 'what `journalctl -o export` or `-o json` gave', file)
    .option('--before <file>', 'counters from before the log: of snapshot, or the text of `show stat`', file)
    .option('--after <file>', 'counters from after it', file)
    .addOption(
      new Option('--max-bad <n>', 'lines that may be unreadable or cut off before the exit is 3')
        .argParser(integer({ min: 0 }))
        .default(0),
    )

export type LostOptions = OptionsOf<typeof addLostOptions>
