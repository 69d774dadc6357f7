import { type BareCommand, file, integer, Option, type OptionsOf } from '@nightshift/tooling/command-line'
import { addLogOptions } from './log.options.ts'
import { addLossSources } from './loss-sources.options.ts'

export const addLostOptions = (command: BareCommand) =>
  addLossSources(addLogOptions(command).optionsGroup('What else tells of lost lines:'))
    .option('--before <file>', 'counters from before the log: of snapshot, or the text of `show stat`', file)
    .option('--after <file>', 'counters from after it', file)
    .addOption(
      new Option('--max-bad <n>', 'lines that may be unreadable or cut off before the exit is 3')
        .argParser(integer({ min: 0 }))
        .default(0),
    )

export type LostOptions = OptionsOf<typeof addLostOptions>
